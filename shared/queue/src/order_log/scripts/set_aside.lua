-- Moves an entry of the order log to the dead-letter stream, if it is still in the log: whoever leads by now may have placed
-- it. The dead-letter stream has no bound: what was accepted is not thrown away.
--
-- KEYS[1]   the order log
-- KEYS[2]   the dead-letter stream
-- ARGV[1]   the consumer group
-- ARGV[2]   the entry's position
-- ARGV[3]   why
-- ARGV[4]   its request
-- returns   1 when it was moved, 0 when it was gone
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
if redis.call('XDEL', KEYS[1], ARGV[2]) == 0 then
  return 0
end
redis.call('XADD', KEYS[2], '*', 'position', ARGV[2], 'reason', ARGV[3], 'request', ARGV[4])
return 1

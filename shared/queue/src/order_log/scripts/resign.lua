-- Gives up the lead of the order log, if it is held.
--
-- KEYS[1]   the leader's key
-- ARGV[1]   who gives it up
-- returns   1 when it led, 0 otherwise
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0

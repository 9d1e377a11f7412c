-- Appends a request to the order log unless the log is full.
--
-- The length is the depth: entries leave the stream in the same step that acknowledges them.
--
-- KEYS[1]   the order log
-- ARGV[1]   the most entries it may hold
-- ARGV[2]   the request
-- returns   the entry's position, or false when the log is full
if redis.call('XLEN', KEYS[1]) >= tonumber(ARGV[1]) then
  return false
end
return redis.call('XADD', KEYS[1], '*', 'request', ARGV[2])

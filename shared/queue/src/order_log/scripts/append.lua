-- Appends a request to the order log unless the log is full, or longer than can be waited for.
--
-- The length is the depth: entries leave the stream in the same step that acknowledges them.
--
-- KEYS[1]   the order log
-- KEYS[2]   how many requests a second leave it; not there while nobody takes any
-- ARGV[1]   the most entries it may hold
-- ARGV[2]   the request
-- ARGV[3]   the longest wait that may be promised, in milliseconds
-- returns   the entry's position, or '' when it was refused; how many wait, this one included; the rate, or ''
local waiting = redis.call('XLEN', KEYS[1])
local rate = redis.call('GET', KEYS[2]) or ''
local per_second = tonumber(rate)
local is_full = waiting >= tonumber(ARGV[1])
local takes_too_long = per_second and waiting * 1000 > per_second * tonumber(ARGV[3])
if is_full or takes_too_long then
  return {'', waiting, rate}
end
return {redis.call('XADD', KEYS[1], '*', 'request', ARGV[2]), waiting + 1, rate}

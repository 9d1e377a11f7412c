-- Appends requests to the order log, those that come when it is full, or longer than can be waited for, excepted.
--
-- The length is the depth: entries leave the stream in the same step that acknowledges them.
--
-- KEYS[1]   the order log
-- KEYS[2]   how many requests a second leave it; not there while nobody takes any
-- ARGV[1]   the most entries it may hold
-- ARGV[2]   the longest wait that may be promised, in milliseconds
-- ARGV[3…]  the requests, in their order
-- returns   how many wait before the first of them; the rate, or ''; the entries' positions, '' for the refused ones
local before = redis.call('XLEN', KEYS[1])
local rate = redis.call('GET', KEYS[2]) or ''
local per_second = tonumber(rate)
local most, longest = tonumber(ARGV[1]), tonumber(ARGV[2])
local waiting, positions = before, {}
for number = 3, #ARGV do
  local is_full = waiting >= most
  local takes_too_long = per_second and waiting * 1000 > per_second * longest
  if is_full or takes_too_long then
    positions[number - 2] = ''
  else
    positions[number - 2] = redis.call('XADD', KEYS[1], '*', 'request', ARGV[number])
    waiting = waiting + 1
  end
end
return {before, rate, positions}

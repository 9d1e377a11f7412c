-- Raises the mark up to which nobody believes what the cache entries say.
--
-- A clock that is wrong must not make everybody doubt for hours, so the mark goes little beyond the server's own time.
-- It has no TTL: it has to outlive every entry, and only what has one is evicted.
--
-- KEYS[1]          the mark, in Unix milliseconds
-- ARGV[1]          the moment to raise it to; a higher mark stays, so 0 only asks
-- returns          where the mark is now
local farthest_ahead_ms = 10000

local time = redis.call('TIME')
local moment = math.min(tonumber(ARGV[1]), time[1] * 1000 + farthest_ahead_ms)
local mark = tonumber(redis.pcall('GET', KEYS[1]) or 0)
if mark and mark >= moment then
  return mark
end
redis.call('SET', KEYS[1], string.format('%.0f', moment))
return moment

-- What must be known of the order log to say where any request stands in it.
--
-- KEYS[1]   the order log
-- KEYS[2]   how many requests a second leave it; not there while nobody takes any
-- returns   how many wait; how many were ever appended; the position of the last of them; the rate, or ''
local rate = redis.call('GET', KEYS[2]) or ''
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {0, 0, '0-0', rate}
end
local info = redis.call('XINFO', 'STREAM', KEYS[1])
local known = {}
for place = 1, #info, 2 do
  known[info[place]] = info[place + 1]
end
return {known['length'], known['entries-added'], known['last-generated-id'], rate}

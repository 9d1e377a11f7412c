-- What the order log has taken in, and what became of it: one moment of all three streams.
--
-- Streams count what was ever added to them, whatever was removed or trimmed since.
--
-- KEYS[1]   the order log
-- KEYS[2]   the stream of outcomes
-- KEYS[3]   the dead-letter stream
-- returns   how many requests were appended, how many wait, how many outcomes were told, how many were set aside
local function added(key)
  if redis.call('EXISTS', key) == 0 then
    return 0
  end
  local facts = redis.call('XINFO', 'STREAM', key)
  for number = 1, #facts, 2 do
    if facts[number] == 'entries-added' then
      return facts[number + 1]
    end
  end
  return 0
end
return {added(KEYS[1]), redis.call('XLEN', KEYS[1]), added(KEYS[2]), added(KEYS[3])}

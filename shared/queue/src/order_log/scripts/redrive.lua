-- Puts an entry that was set aside back into the order log, behind all others.
--
-- KEYS[1]   the dead-letter stream
-- KEYS[2]   the order log
-- ARGV[1]   the entry's place in the dead-letter stream
-- returns   its position in the log, '' when there is no request in it, false when there is no such entry
local found = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])
if #found == 0 then
  return false
end
local fields = found[1][2]
for number = 1, #fields, 2 do
  if fields[number] == 'request' and fields[number + 1] ~= '' then
    local position = redis.call('XADD', KEYS[2], '*', 'request', fields[number + 1])
    redis.call('XDEL', KEYS[1], ARGV[1])
    return position
  end
end
return ''

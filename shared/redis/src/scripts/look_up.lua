-- Looks up cache entries and, for those that will not do, asks for the leases to load them: all in one round trip.
--
-- An entry starts with its format (1 byte), its version (8 bytes, big endian), when its data was read from the store
-- (8 bytes, big endian, Unix milliseconds) and what it is (1 byte, 0 for a tombstone); see the cache crate.
--
-- KEYS[2i - 1]     entry i
-- KEYS[2i]         its lease
-- ARGV[1]          who asks
-- ARGV[2]          how long a lease lives, in milliseconds
-- ARGV[3]          the format that entries must have
-- ARGV[2i + 2]     the version that entry i must have at least
-- ARGV[2i + 3]     the moment after which its data must have been read
-- returns          for each: what is there (false for nothing, empty for something that is no entry at all), and
--                  0 when it will do, 1 when the lease is the asker's now, 2 when somebody else holds it
local owner, lease_ms, format = ARGV[1], ARGV[2], tonumber(ARGV[3])

local function will_do(entry, at_least, read_after)
  if #entry < 18 or entry:byte(1) ~= format or entry:byte(18) == 0 then
    return false
  end
  return struct.unpack('>i8', entry, 2) >= at_least and struct.unpack('>I8', entry, 10) > read_after
end

local answers = {}
for i = 1, #KEYS / 2 do
  local key, lease = KEYS[2 * i - 1], KEYS[2 * i]
  local entry = redis.pcall('GET', key)
  if type(entry) == 'table' then
    entry = '' -- not even a string
  end
  local state = 0
  if not entry or not will_do(entry, tonumber(ARGV[2 * i + 2]), tonumber(ARGV[2 * i + 3])) then
    -- A server without memory grants leases that it cannot write: the entries are worth more than they.
    local free = redis.pcall('SET', lease, owner, 'NX', 'PX', lease_ms)
    state = (free or redis.pcall('GET', lease) == owner) and 1 or 2
  end
  answers[i] = { entry, state }
end
return answers

-- Writes cache entries, each only if what is there is not newer, and gives back the leases that they were loaded under.
--
-- An entry starts with a byte for its format and eight bytes for its version (big endian); see the cache crate. What is
-- in another format, or no entry at all, cannot be compared and is replaced.
--
-- KEYS[2i - 1]     the entry to write
-- KEYS[2i]         its lease
-- ARGV[1]          'put' to replace an entry of the same version, too; 'bury' to leave that alone, and to take the lease
--                  from whoever holds it where something was written: they are loading what is outdated now
-- ARGV[2]          whose leases are given back, whether something was written or not
-- ARGV[2i + 1]     how long entry i may live, in milliseconds
-- ARGV[2i + 2]     entry i
-- returns          how many were written
local replaces_same, owner = ARGV[1] == 'put', ARGV[2]

local function is_kept(there, entry)
  if type(there) ~= 'string' or #there ~= 9 or there:byte(1) ~= entry:byte(1) then
    return false
  end
  local version_there = struct.unpack('>i8', there, 2)
  local version = struct.unpack('>i8', entry, 2)
  return version_there > version or (version_there == version and not replaces_same)
end

local written = 0
for i = 1, #KEYS / 2 do
  local key, lease = KEYS[2 * i - 1], KEYS[2 * i]
  local life_ms, entry = ARGV[2 * i + 1], ARGV[2 * i + 2]
  local is_written = not is_kept(redis.pcall('GETRANGE', key, 0, 8), entry)
  if is_written then
    redis.call('SET', key, entry, 'PX', life_ms)
    written = written + 1
  end
  if (is_written and not replaces_same) or redis.pcall('GET', lease) == owner then
    redis.call('DEL', lease)
  end
end
return written

-- Writes cache entries, each only if what is there is not newer.
--
-- An entry starts with a byte for its format and eight bytes for its version (big endian); see the cache crate. What is
-- in another format cannot be compared and is replaced.
--
-- KEYS[i]          the entries to write
-- ARGV[1]          '1' to also replace an entry of the same version, '0' to leave that alone
-- ARGV[2i]         how long entry i may live, in milliseconds
-- ARGV[2i + 1]     entry i
-- returns          how many were written
local replace_same = ARGV[1] == '1'
local written = 0
for i, key in ipairs(KEYS) do
  local life_ms, entry = ARGV[2 * i], ARGV[2 * i + 1]
  local there = redis.call('GETRANGE', key, 0, 8)
  local keep = false
  if #there == 9 and there:byte(1) == entry:byte(1) then
    local version_there = struct.unpack('>I8', there, 2)
    local version = struct.unpack('>I8', entry, 2)
    keep = version_there > version or (version_there == version and not replace_same)
  end
  if not keep then
    redis.call('SET', key, entry, 'PX', life_ms)
    written = written + 1
  end
end
return written

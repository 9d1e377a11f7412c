-- Gives back leases.
--
-- KEYS[i]          the leases
-- ARGV[1]          whose they are; those of others are left alone
-- returns          how many were given back
local released = 0
for _, lease in ipairs(KEYS) do
  if redis.pcall('GET', lease) == ARGV[1] then
    released = released + redis.call('DEL', lease)
  end
end
return released

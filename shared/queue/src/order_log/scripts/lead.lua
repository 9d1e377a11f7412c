-- Takes or renews the lead of the order log. As long as the leader takes requests, the log's measured rate counts.
--
-- KEYS[1]   the leader's key
-- KEYS[2]   how many requests a second leave the log
-- ARGV[1]   who asks
-- ARGV[2]   for how long, in milliseconds
-- ARGV[3]   for how long the rate counts from now on, in milliseconds; 0 when this moves nobody forward
-- returns   1 when it leads now and led before, 2 when it leads from now on, 0 when another one leads
local leader = redis.call('GET', KEYS[1])
if leader == ARGV[1] then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  if tonumber(ARGV[3]) > 0 then
    redis.call('PEXPIRE', KEYS[2], ARGV[3])
  end
  return 1
end
if leader then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 2

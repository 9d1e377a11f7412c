-- The book of the waiting room and what every instance said last: takes in what an instance says, reads, or gives out a
-- place. `RoomBook` and `Poll` in `halles_resilience` are the same in Rust, and say why.
--
-- The book has no time to live, and `volatile-lfu` evicts only what has one.
--
-- KEYS[1]   the book; what an instance said is a field 'voice:<service>:<instance>' of it: 'when,wants open,at ease'
-- ARGV[1]   'advance', 'look' or 'give'
-- ARGV[2]   the time in milliseconds; '' for the server's own
-- advance:
-- ARGV[3]   '<service>:<instance>', who speaks
-- ARGV[4]   1 if the room should be open
-- ARGV[5]   1 if somebody has said so by hand
-- ARGV[6]   1 if there is room for more
-- ARGV[7]   how many may come in in a second
-- ARGV[8]   when the show begins in milliseconds, or ''
-- ARGV[9]   how long the room stays open after the fleet has said that it should
-- ARGV[10]  how long the book is kept after it has closed
-- ARGV[11]  for how long turns are given at once at most
-- ARGV[12]  how long an instance counts after it has spoken
-- advance, look:
-- returns   epoch, open until, air at, ahead of pool, pool, issued, serving in thousandths, advanced at
--
-- give:
-- returns   'pool' or 'number', epoch, the number
local key = KEYS[1]
local now = tonumber(ARGV[2])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local names = {'epoch', 'open_until', 'air_at', 'ahead_of_pool', 'pool', 'issued', 'serving', 'advanced_at'}
local book = {}
local values = redis.call('HMGET', key, unpack(names))
for place, name in ipairs(names) do
  book[name] = tonumber(values[place] or 0) or 0
end

local function written()
  local answer = {}
  for place, name in ipairs(names) do
    answer[place] = string.format('%d', book[name])
  end
  return answer
end

if ARGV[1] == 'look' then
  return written()
end

if ARGV[1] == 'give' then
  if now < book.air_at then
    redis.call('HINCRBY', key, 'pool', 1)
    return {'pool', string.format('%d', book.epoch), '0'}
  end
  local number = redis.call('HINCRBY', key, 'issued', 1)
  return {'number', string.format('%d', book.epoch), string.format('%d', number)}
end

-- Hears this instance, forgets those that have gone silent, and counts what the others said last.
redis.call('HSET', key, 'voice:' .. ARGV[3], string.format('%d,%s,%s', now, ARGV[4], ARGV[6]))
local services = {}
local fields = redis.call('HGETALL', key)
for at = 1, #fields, 2 do
  local service = string.match(fields[at], '^voice:([^:]*):')
  if service then
    local heard_at, wants_open, at_ease = string.match(fields[at + 1], '^(%d+),(%d),(%d)$')
    if heard_at and now < tonumber(heard_at) + tonumber(ARGV[12]) then
      local said = services[service] or {all = 0, wants_open = 0, no_room = 0}
      said.all = said.all + 1
      said.wants_open = said.wants_open + (wants_open == '1' and 1 or 0)
      said.no_room = said.no_room + (at_ease == '1' and 0 or 1)
      services[service] = said
    else
      redis.call('HDEL', key, fields[at])
    end
  end
end
local wants_open, at_ease = ARGV[4] == '1' and ARGV[5] == '1', true
for _, said in pairs(services) do
  wants_open = wants_open or said.wants_open * 2 > said.all
  at_ease = at_ease and said.no_room * 2 <= said.all
end

if book.epoch == 0 or now > book.open_until + tonumber(ARGV[10]) then
  book = {epoch = now, open_until = 0, air_at = 0, ahead_of_pool = 0, pool = 0, issued = 0, serving = 0, advanced_at = now}
end
if wants_open then
  book.open_until = now + tonumber(ARGV[9])
end
if ARGV[8] ~= '' and (book.pool == 0 or now < book.air_at) then
  book.air_at = tonumber(ARGV[8])
end
if book.pool == 0 then
  book.ahead_of_pool = book.issued
end
if now < book.air_at then
  book.advanced_at = now
elseif at_ease then
  local step = math.min(math.max(now - book.advanced_at, 0), tonumber(ARGV[11]))
  local turns = math.floor(step * tonumber(ARGV[7]))
  book.serving = math.min(book.serving + turns, (book.pool + book.issued) * 1000)
  book.advanced_at = math.max(book.advanced_at, now)
end
local answer, changed = written(), {}
for place, name in ipairs(names) do
  changed[#changed + 1] = name
  changed[#changed + 1] = answer[place]
end
redis.call('HSET', key, unpack(changed))
return answer

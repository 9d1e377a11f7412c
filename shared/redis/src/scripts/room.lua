-- The book of the waiting room: takes in what an instance says, and perhaps gives out a place; `RoomBook` in
-- `halles_resilience` is the same in Rust, and says why.
--
-- The book has no time to live, and `volatile-lfu` evicts only what has one.
--
-- KEYS[1]   the book
-- ARGV[1]   'advance' or 'give'
-- ARGV[2]   the time in milliseconds; '' for the server's own
-- advance:
-- ARGV[3]   1 if the room should be open
-- ARGV[4]   1 if there is room for more
-- ARGV[5]   how many may come in in a second
-- ARGV[6]   when the show begins in milliseconds, or ''
-- ARGV[7]   how long the room stays open after somebody said that it should
-- ARGV[8]   how long the book is kept after it has closed
-- ARGV[9]   for how long turns are given at once at most
-- returns   epoch, open until, air at, pool, issued, serving in thousandths, advanced at
--
-- give:
-- returns   'pool' or 'number', epoch, the number
local key = KEYS[1]
local now = tonumber(ARGV[2])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local names = {'epoch', 'open_until', 'air_at', 'pool', 'issued', 'serving', 'advanced_at'}
local book = {}
local values = redis.call('HMGET', key, unpack(names))
for place, name in ipairs(names) do
  book[name] = tonumber(values[place] or 0) or 0
end

if ARGV[1] == 'give' then
  if now < book.air_at then
    redis.call('HINCRBY', key, 'pool', 1)
    return {'pool', string.format('%d', book.epoch), '0'}
  end
  local number = redis.call('HINCRBY', key, 'issued', 1)
  return {'number', string.format('%d', book.epoch), string.format('%d', number)}
end

if book.epoch == 0 or now > book.open_until + tonumber(ARGV[8]) then
  book = {epoch = now, open_until = 0, air_at = 0, pool = 0, issued = 0, serving = 0, advanced_at = now}
end
if ARGV[3] == '1' then
  book.open_until = now + tonumber(ARGV[7])
end
if ARGV[6] ~= '' then
  book.air_at = tonumber(ARGV[6])
end
if now < book.air_at then
  book.advanced_at = now
elseif ARGV[4] == '1' then
  local step = math.min(math.max(now - book.advanced_at, 0), tonumber(ARGV[9]))
  local turns = math.floor(step * tonumber(ARGV[5]))
  book.serving = math.min(book.serving + turns, (book.pool + book.issued) * 1000)
  book.advanced_at = math.max(book.advanced_at, now)
end
local fields, answer = {}, {}
for place, name in ipairs(names) do
  answer[place] = string.format('%d', book[name])
  fields[#fields + 1] = name
  fields[#fields + 1] = answer[place]
end
redis.call('HSET', key, unpack(fields))
return answer

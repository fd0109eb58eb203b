-- Shared by all functions: the clock, records, the timer, history. Times are seconds since 1970, by the store's clock.
local DAY = 86400

local function now()
  local t = redis.call('TIME')
  return tonumber(t[1]) + tonumber(t[2]) / 1e6 --[[TEST CLOCK]]
end

local function stamp(t) return string.format('%.3f', t) end

local function record(key)
  local flat, out = redis.call('HGETALL', key), {}
  for i = 1, #flat, 2 do out[flat[i]] = flat[i + 1] end
  return out
end

local function is_open(cb)
  return cb.status == 'waiting' or cb.status == 'claimed' or cb.status == 'calling'
end

local function is_held(cb) return cb.claimed_by ~= nil and cb.claimed_by ~= '' end

local function log(id, t, what, who, detail, note)
  if redis.call('EXISTS', 'cb:' .. id) == 0 then return end -- purged meanwhile: no history without its record
  redis.call('RPUSH', 'log:' .. id,
    cjson.encode({ at = stamp(t), what = what, who = who or '', detail = detail or '', note = note or '' }))
end

local function count(what) redis.call('HINCRBY', 'count', what, 1) end

-- The month of a time, in UTC, as 2026-11 (Howard Hinnant's days-to-civil arithmetic).
local function month(t)
  local z = math.floor(t / DAY) + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
  local mp = math.floor((5 * (doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))) + 2) / 153)
  local m = mp < 10 and mp + 3 or mp - 9
  return string.format('%04d-%02d', yoe + era * 400 + (m <= 2 and 1 or 0), m)
end

-- Counts for ever, in buckets that name nobody.
local function count_month(t, cb, reason)
  local key = 'month:' .. month(t) .. ':'
  for what, value in pairs { reason = reason, language = cb.language, channel = cb.channel, group = cb.team } do
    redis.call('HINCRBY', key .. what, value or 'unknown', 1)
  end
end

-- The one next moment at which something must happen to an open callback: its step, or the end of a lease.
local function arm(id)
  local cb = record('cb:' .. id)
  local at = tonumber(cb.step_at)
  local lease = tonumber(cb.lease_until)
  if is_held(cb) and lease and (not at or lease < at) then at = lease end
  local promised = cb.promised == '1' and cb.late ~= '1' and not cb.first_attempt_at and tonumber(cb.promised_at)
  if promised and (not at or promised < at) then at = promised end
  -- The invariant: an open callback always has a timer. Without a better moment, look again in a minute.
  redis.call('ZADD', 'cb:timer', stamp(at or now() + 60), id)
end

local function set(id, ...) redis.call('HSET', 'cb:' .. id, ...) end

local function close(id, cb, t, status, reason, retention, who)
  set(id, 'status', status, 'reason', reason, 'closed_at', stamp(t), 'claimed_by', '', 'lease_until', '',
    'step_at', '', 'fence', tonumber(cb.fence) + 1)
  redis.call('ZREM', 'cb:timer', id)
  redis.call('ZREM', 'cb:open', id)
  redis.call('ZADD', 'cb:closed', stamp(t), id)
  if cb.owner and redis.call('GET', 'own:' .. cb.owner) == id then redis.call('DEL', 'own:' .. cb.owner) end
  log(id, t, status == 'withdrawn' and 'withdrawn' or 'closed', who, reason)
  redis.call('EXPIRE', 'cb:' .. id, math.ceil(retention))
  redis.call('EXPIRE', 'log:' .. id, math.ceil(retention))
  count('closed_' .. reason)
  count_month(t, cb, reason)
end

-- An entry of the outbox. Its id is its content (callback, step, person), so no step can write it twice.
local function post(oid, kind, id, login, t, extra)
  local key = 'out:' .. oid
  if redis.call('EXISTS', key) == 1 then return end
  redis.call('HSET', key, 'kind', kind, 'cb', id, 'login', login or '', 'state', 'ready', 'attempts', 0,
    'unknowns', 0, 'created_at', stamp(t), 'extra', extra or '')
  redis.call('ZADD', 'out:due', stamp(t), oid)
end

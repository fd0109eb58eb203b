-- A resident's turn: one function reads, one commits.

local SEEN = 30 * DAY

-- The answer already given to this message or step: its sealed text for 24 hours; '' afterwards, and to messages from
-- before the session was wiped. Nil for a message never seen.
local function given(keys)
  local kept = redis.call('GET', keys[2])
  if not kept then return redis.call('EXISTS', 'seen' .. keys[2]) == 1 and '' or nil end
  local bar = string.find(kept, '|', 1, true)
  local wiped = redis.call('GET', 'wiped' .. keys[1])
  if wiped and tonumber(string.sub(kept, 1, bar - 1)) < tonumber(wiped) then return '' end
  return string.sub(kept, bar + 1)
end

-- KEYS session, answer, opt-out, owner. Answers everything a turn needs to know, in one trip.
local function read(keys)
  local id = redis.call('GET', keys[4])
  local cb = { false, false, false, false }
  if id then
    cb = redis.call('HMGET', 'cb:' .. id, 'status', 'due_at', 'promised', 'late')
  end
  local beat = redis.call('HMGET', 'beat', 'worker', 'sweeper')
  return { redis.call('GET', keys[1]), given(keys) or false, redis.call('GET', keys[3]), id, cb, stamp(now()),
    redis.call('SCARD', 'staff:on'), beat[1], beat[2] }
end

local function request(keys, t, id, due, promised, fields)
  local cb = record('cb:' .. id)
  if not cb.status then
    redis.call('HSET', 'cb:' .. id, 'status', 'waiting', 'requested_at', stamp(t), 'due_at', due, 'promised_at', due,
      'promised', promised, 'attempts', 0, 'requests', 1, 'fence', 0, 'step', 0, 'step_at', stamp(t), 'late', 0,
      'claimed_by', '', 'lease_until', '', 'calls', 0, 'promised_in', keys[2], unpack(fields))
    redis.call('ZADD', 'cb:open', due, id)
    redis.call('SET', keys[4], id)
    log(id, t, 'requested')
    count('requested')
    if promised == '1' then count('promised') end
  else -- the same person asks again: one request, never later than it was
    redis.call('HINCRBY', 'cb:' .. id, 'requests', 1)
    if not tonumber(cb.due_at) then set(id, 'due_at', due, 'promised_at', due) end
    if #fields > 0 then redis.call('HSET', 'cb:' .. id, unpack(fields)) end
    if promised == '1' and cb.promised ~= '1' then
      set(id, 'promised', '1', 'due_at', due, 'promised_at', due, 'step', 0, 'step_at', stamp(t), 'again', (cb.again or 0) + 1,
        'promised_in', keys[2], 'late', 0)
      redis.call('HDEL', 'cb:' .. id, 'first_attempt_at') -- a promise of its own, kept or late by its own attempt
      redis.call('ZADD', 'cb:open', due, id)
      count('promised')
    end
    log(id, t, 'asked again')
  end
  arm(id)
end

local function opt(keys, t, change, id)
  if change == 'out' then
    redis.call('SET', keys[3], stamp(t))
    count('opted_out')
    if id then
      set(id, 'may_text', 'no')
      log(id, t, 'opted out of texts')
    end
  elseif change == 'in' then
    redis.call('DEL', keys[3])
  end
end

-- KEYS session, answer, opt-out, owner.
-- ARGV version, session, its seconds to live, answer, message id to redact, what to do with the callback, its id,
--      due at, promised, change of opt-out, retention seconds, fields and values of the callback...
-- All of it happens, or nothing: 'again' with the answer given before, 'lost' to another turn, 'other' callback, 'done'.
local function commit(keys, args)
  local said = given(keys)
  if said then return { 'again', said } end
  local kept = redis.call('GET', keys[1])
  local version = kept and string.match(kept, '^(%d+)|') or '0'
  if version ~= args[1] then return { 'lost' } end
  local verb, id = args[6], args[7]
  local own = redis.call('GET', keys[4])
  if verb ~= '' and own and own ~= id then return { 'other', own } end
  -- Staff may have closed it since it was read: the turn must look again, and promise nothing on a closed record.
  if verb ~= '' and not own and (verb ~= 'request' or redis.call('EXISTS', 'cb:' .. id) == 1) then return { 'lost' } end
  local t = now()
  if verb == 'request' then
    request(keys, t, id, args[8], args[9], { unpack(args, 12) })
  elseif verb == 'update' then
    set(id, unpack(args, 12))
    arm(id)
  elseif verb == 'withdraw' then
    close(id, record('cb:' .. id), t, 'withdrawn', 'withdrawn', tonumber(args[11]))
  end
  if args[10] ~= '' then opt(keys, t, args[10], own) end
  if args[2] == '' then
    redis.call('DEL', keys[1])
    redis.call('SET', 'wiped' .. keys[1], stamp(t), 'EX', DAY)
  else
    redis.call('SET', keys[1], (tonumber(version) + 1) .. '|' .. args[2], 'EX', args[3])
  end
  redis.call('SET', keys[2], stamp(t) .. '|' .. args[4], 'EX', DAY)
  redis.call('SET', 'seen' .. keys[2], '', 'EX', SEEN)
  if args[5] ~= '' then redis.call('ZADD', 'redact', stamp(t + 60), args[5]) end
  return { 'done' }
end

-- KEYS answer, owner. ARGV answer, callback. After a promise whose durability nobody confirmed: the truth replaces it.
local function unpromise(keys, args)
  redis.call('SET', keys[1], stamp(now()) .. '|' .. args[1], 'EX', DAY)
  if redis.call('HGET', 'cb:' .. args[2], 'promised_in') == keys[1] then set(args[2], 'promised', '0') end
  return 'done'
end

-- The outbox: what goes out through Twilio's REST API, whose POSTs can't be repeated safely.
-- ready -> sending -> sent | failed | unknown | dropped.

local function settle(oid, state, t, code)
  redis.call('HSET', 'out:' .. oid, 'state', state, 'code', code or '')
  redis.call('ZREM', 'out:due', oid)
  redis.call('EXPIRE', 'out:' .. oid, 2 * DAY)
  count('out_' .. state)
end

-- Still worth sending? Staff are not told of what somebody took meanwhile; a resident only where they said yes.
local function why_not(o, cb)
  if not cb.status or not is_open(cb) then return 'over' end
  if o.kind == 'bridge' then return (cb.call ~= o.oid or cb.status ~= 'calling') and 'taken' or nil end
  if o.kind == 'late' then
    if cb.may_text ~= 'yes' or not cb.contact or cb.contact == '' then return 'no consent' end
    if redis.call('EXISTS', 'opt:' .. cb.contact_key) == 1 then return 'opted out' end
    return nil
  end
  -- After an outage of the carrier only the latest pages are worth a ring at night.
  local k = tonumber(string.match(o.extra or '', '^%d+'))
  if k and (tonumber(cb.step) or 0) > k + 2 and now() - tonumber(o.created_at) > 600 then return 'stale' end
  return is_held(cb) and 'taken' or nil
end

-- ARGV outbox id, seconds until the sender counts as silent. {'go', attempt} or why not.
local function begin(_, args)
  local oid, t = args[1], now()
  local o = record('out:' .. oid)
  if o.state ~= 'ready' then return { o.state or 'missing' } end
  o.oid = oid
  local cb = record('cb:' .. o.cb)
  local no = why_not(o, cb)
  if no then
    settle(oid, 'dropped', t, no)
    if o.kind == 'late' then log(o.cb, t, 'late text not sent', '', no) end
    return { 'dropped', no }
  end
  local deadline = stamp(t + tonumber(args[2]))
  local attempt = redis.call('HINCRBY', 'out:' .. oid, 'attempts', 1)
  redis.call('HSET', 'out:' .. oid, 'state', 'sending', 'deadline', deadline)
  redis.call('ZADD', 'out:due', deadline, oid)
  return { 'go', tostring(attempt), o.kind, o.cb, o.login, o.extra or '' }
end

-- A staff phone that can't receive texts is rung instead, for this step and from now on, and shown to the supervisor.
local function deaf_phone(oid, o, t, code)
  redis.call('HSET', 'staff:' .. o.login, 'no_texts', code)
  count('staff_phone_no_texts')
  post(o.cb .. '.' .. o.extra .. 'd.' .. o.login, 'ring', o.cb, o.login, t, o.extra)
end

local function failed(oid, o, t, code, deaf)
  settle(oid, 'failed', t, code)
  log(o.cb, t, o.kind .. ' failed', o.login, code)
  if o.kind == 'text' and deaf == '1' then deaf_phone(oid, o, t, code) end
  if o.kind == 'bridge' then hang_up({}, { oid, 'failed', '180' }) end
end

-- ARGV outbox id, attempt, result (sent, retry, unknown, failed), Sid, code, seconds to a retry, deaf phone ('1').
local function outcome(_, args)
  local oid, result, t = args[1], args[3], now()
  local o = record('out:' .. oid)
  if not o.state then return 'missing' end
  local open = o.state == 'sending' or o.state == 'ready'
  if result == 'sent' and open then -- also from a sender that was thought dead: it must not go out again
    redis.call('HSET', 'out:' .. oid, 'sid', args[4])
    settle(oid, 'sent', t)
    return 'sent'
  end
  if o.state ~= 'sending' or o.attempts ~= args[2] then return 'stale' end
  if result == 'unknown' and o.kind ~= 'late' then
    local tries = redis.call('HINCRBY', 'out:' .. oid, 'unknowns', 1)
    result = tries < 4 and 'retry' or 'failed'
  end
  if result == 'unknown' then
    settle(oid, 'unknown', t, args[5])
    log(o.cb, t, 'late text: outcome unknown', '', args[5])
  elseif result == 'retry' then
    redis.call('HSET', 'out:' .. oid, 'state', 'ready', 'code', args[5])
    redis.call('ZADD', 'out:due', stamp(t + tonumber(args[6])), oid)
  else
    failed(oid, o, t, args[5], args[7])
  end
  return result
end

-- ARGV outbox id, status, code, deaf phone ('1'). What the carrier reports later of a message.
local function receipt(_, args)
  local oid, t = args[1], now()
  local o = record('out:' .. oid)
  if not o.state then return 'missing' end
  if o.receipt == 'delivered' or o.receipt == args[2] then return 'known' end
  redis.call('HSET', 'out:' .. oid, 'receipt', args[2])
  if args[2] ~= 'undelivered' and args[2] ~= 'failed' then
    if o.state ~= 'sent' then settle(oid, 'sent', t) end
    return 'ok'
  end
  failed(oid, o, t, args[3], args[4])
  return 'ok'
end

-- ARGV callback, code. The reply that carried the promise did not arrive.
local function undelivered(_, args)
  if redis.call('EXISTS', 'cb:' .. args[1]) == 0 then return 'missing' end
  if redis.call('HGET', 'cb:' .. args[1], 'undelivered') == args[2] then return 'known' end
  set(args[1], 'undelivered', args[2])
  log(args[1], now(), 'promise text undelivered', '', args[2])
  return 'ok'
end

-- The invariant of the promise. Answers pairs: what is wrong, callback. ARGV 'repair' or ''.
local function look_at(id, t, found)
  local cb = record('cb:' .. id)
  local at = redis.call('ZSCORE', 'cb:timer', id)
  if not cb.status then return found('no record', id) end
  if not is_open(cb) then return found('closed but in the queue', id) end
  if not at then return found('no timer', id) end
  if tonumber(at) < t - 10 then return found('timer overdue', id) end
  if not tonumber(cb.due_at) then return found('no due time', id) end
  if not (tonumber(cb.promised_at) and tonumber(cb.step) and tonumber(cb.fence)) then return found('record damaged', id) end
  if not is_held(cb) and not tonumber(cb.step_at) then return found('nobody will be told', id) end
  if cb.promised == '1' and not cb.first_attempt_at and cb.late ~= '1' and tonumber(cb.promised_at) < t - 10 then
    found('late but not marked', id)
  end
end

local function check(_, args)
  local bad, t = {}, now()
  local function found(what, id)
    bad[#bad + 1] = what
    bad[#bad + 1] = id
    if what == 'no timer' and args[1] == 'repair' then redis.call('ZADD', 'cb:timer', stamp(t), id) end
  end
  for _, id in ipairs(redis.call('ZRANGE', 'cb:open', 0, -1)) do
    if not pcall(look_at, id, t, found) then found('record damaged', id) end
  end
  for _, oid in ipairs(redis.call('ZRANGEBYSCORE', 'out:due', '-inf', stamp(t - 60))) do found('outbox overdue', oid) end
  return bad
end

-- What staff do with a callback. Each answers {'ok', …} or a word that says why not.

local function fetch(id)
  local cb = record('cb:' .. id)
  if not cb.status then return nil, { 'missing' } end
  if not is_open(cb) then return nil, { 'over', cb.status, cb.reason or '' } end
  return cb
end

local function guard(id, fence)
  local cb, no = fetch(id)
  if cb and fence ~= '' and fence ~= cb.fence then return nil, { 'stale', cb.claimed_by, cb.claimed_at or '' } end
  return cb, no
end

-- ARGV callback, login, lease seconds.
local function claim(_, args)
  local id, login, t = args[1], args[2], now()
  local cb, no = fetch(id)
  if not cb then return no end
  local lease = stamp(t + tonumber(args[3]))
  if cb.claimed_by == login and tonumber(cb.lease_until) > t then
    if cb.status == 'claimed' and tonumber(cb.lease_until) < tonumber(lease) then set(id, 'lease_until', lease) end
    arm(id)
    return { 'ok', cb.fence }
  end
  if is_held(cb) and tonumber(cb.lease_until) > t then return { 'held', cb.claimed_by, cb.claimed_at } end
  local fence = tonumber(cb.fence) + 1
  set(id, 'status', 'claimed', 'claimed_by', login, 'claimed_at', stamp(t), 'lease_until', lease, 'fence', fence)
  log(id, t, 'claimed', login)
  arm(id)
  return { 'ok', tostring(fence) }
end

local function give_back(id, cb, t, what, who)
  set(id, 'status', 'waiting', 'claimed_by', '', 'lease_until', '', 'fence', tonumber(cb.fence) + 1)
  if not tonumber(cb.step_at) then set(id, 'step_at', stamp(t)) end -- what was held for closing is paged again
  if who and who ~= '' and who ~= cb.claimed_by then
    log(id, t, 'taken back', who, cb.claimed_by)
  else
    log(id, t, what, cb.claimed_by)
  end
end

-- ARGV callback, fence or '', who gives it back where that is not its holder.
local function release(_, args)
  local cb, no = guard(args[1], args[2])
  if not cb then return no end
  if not is_held(cb) then return { 'ok' } end
  give_back(args[1], cb, now(), 'released', args[3])
  arm(args[1])
  return { 'ok' }
end

-- ARGV callback, fence or ''. Rings the phone of whoever holds it; a second press while it rings changes nothing.
local function call(_, args)
  local id, t = args[1], now()
  local cb, no = guard(id, args[2])
  if not cb then return no end
  if not is_held(cb) then return { 'unclaimed' } end
  if cb.status == 'calling' then return { 'ok', cb.call } end
  local oid = id .. '.call' .. redis.call('HINCRBY', 'cb:' .. id, 'calls', 1) .. '.' .. cb.claimed_by
  post(oid, 'bridge', id, cb.claimed_by, t)
  set(id, 'status', 'calling', 'call', oid, 'lease_until', stamp(t + 120))
  log(id, t, 'ringing staff', cb.claimed_by)
  arm(id)
  return { 'ok', oid }
end

-- ARGV outbox id, lease seconds, call seconds, dialling ('1') or only reading the whisper ('').
-- A page (the supervisor's phone rings) claims when it is accepted; a bridge must still be the call that was asked for.
local function accept(_, args)
  local o, t = record('out:' .. args[1]), now()
  if not o.cb then return { 'missing' } end
  local id = o.cb
  local cb, no = fetch(id)
  if not cb then return no end
  local mine = cb.claimed_by == o.login and tonumber(cb.lease_until or '') and tonumber(cb.lease_until) > t
  if o.kind == 'bridge' and (cb.call ~= args[1] or not mine) then return { 'held', cb.claimed_by, '' } end
  if is_held(cb) and not mine and tonumber(cb.lease_until) > t then return { 'held', cb.claimed_by, '' } end
  if args[4] == '1' and o.dialled and not (cb.status == 'calling' and cb.call == args[1]) then return { 'dialled' } end
  if args[4] == '1' and not o.dialled then -- once for each ring: a repeat hears the same, and begins nothing
    redis.call('HSET', 'out:' .. args[1], 'dialled', '1')
    if not mine then claim({}, { id, o.login, args[2] }) end
    set(id, 'status', 'calling', 'call', args[1], 'dialled_at', stamp(t), 'lease_until', stamp(t + tonumber(args[3])))
    redis.call('HSETNX', 'cb:' .. id, 'first_attempt_at', stamp(t))
    log(id, t, 'dialling', o.login)
    arm(id)
  end
  return { 'ok', id, o.login, o.kind }
end

-- ARGV outbox id, why, lease seconds. The ring or the call is over; whoever holds it has time to write it up.
local function hang_up(_, args)
  local o, t = record('out:' .. args[1]), now()
  local cb = o.cb and record('cb:' .. o.cb) or {}
  if cb.call ~= args[1] or cb.status ~= 'calling' then return { 'ok' } end
  set(o.cb, 'status', 'claimed', 'last_dial', args[2], 'lease_until', stamp(t + tonumber(args[3])))
  log(o.cb, t, 'call over', o.login, args[2])
  arm(o.cb)
  return { 'ok' }
end

-- ARGV callback, fence or '', outcome, sealed note, who, seconds to the next attempt: '' keeps the plan, 'hold' keeps it
-- with whoever holds it until they close.
local function attempt(_, args)
  local id, t = args[1], now()
  local cb, no = guard(id, args[2])
  if not cb then return no end
  local nth = 1000 * redis.call('HINCRBY', 'cb:' .. id, 'attempts', 1) -- steps 1000, 1001… follow the first attempt
  log(id, t, 'attempt', args[5] ~= '' and args[5] or cb.claimed_by, args[3], args[4])
  count('attempt_' .. args[3])
  if args[6] == 'hold' then
    redis.call('HSETNX', 'cb:' .. id, 'first_attempt_at', stamp(t))
    set(id, 'step', nth, 'step_at', '')
    if is_held(cb) then set(id, 'status', 'claimed', 'lease_until', stamp(t + 8 * 3600)) end
    if not is_held(cb) then set(id, 'step_at', stamp(t + 600)) end
  else
    give_back(id, cb, t, 'back in the queue')
    -- A failure at our own end keeps no promise.
    if args[6] == '' and cb.attempts == '0' then redis.call('HDEL', 'cb:' .. id, 'first_attempt_at') end
    if args[6] ~= '' then
      redis.call('HSETNX', 'cb:' .. id, 'first_attempt_at', stamp(t))
      local at = stamp(t + tonumber(args[6]))
      set(id, 'step', nth, 'step_at', at, 'due_at', at)
      redis.call('ZADD', 'cb:open', at, id)
    end
  end
  arm(id)
  return { 'ok', redis.call('HGET', 'cb:' .. id, 'status') }
end

-- ARGV callback, fence or '', reason, referred to, who, retention seconds.
local function finish(_, args)
  local cb, no = guard(args[1], args[2])
  if not cb then return no end
  if args[4] ~= '' then set(args[1], 'referred_to', args[4]) end
  close(args[1], cb, now(), 'closed', args[3], tonumber(args[6]), args[5] ~= '' and args[5] or cb.claimed_by)
  return { 'ok' }
end

-- ARGV callback, sealed note, who.
local function note(_, args)
  local cb, no = fetch(args[1])
  if not cb then return no end
  log(args[1], now(), 'note', args[3], '', args[2])
  return { 'ok' }
end

-- ARGV callback, who, what was looked at. Every reading of a number is kept (audit).
local function audit(_, args)
  if redis.call('EXISTS', 'cb:' .. args[1]) == 0 then return { 'missing' } end
  log(args[1], now(), 'read', args[2], args[3])
  local left = redis.call('TTL', 'cb:' .. args[1])
  if left > 0 then redis.call('EXPIRE', 'log:' .. args[1], left) end
  return { 'ok' }
end

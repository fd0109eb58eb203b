-- Time: what is due, in one call that decides and writes it all, so that any number of sweepers may run and die.

local function is_boss(login)
  local found = redis.call('HMGET', 'staff:' .. login, 'role', 'disabled')
  return (found[1] == 'supervisor' or found[1] == 'admin') and found[2] ~= '1'
end

local function bosses(logins)
  local out = {}
  for _, login in ipairs(logins) do
    if is_boss(login) then out[#out + 1] = login end
  end
  return out
end

-- Who hears of it: whoever is on shift, or else every supervisor.
local function audience()
  local on = redis.call('SMEMBERS', 'staff:on')
  if #on > 0 then return on end
  return bosses(redis.call('SMEMBERS', 'staff'))
end

local function ring_list()
  local on = bosses(redis.call('SMEMBERS', 'staff:on'))
  if #on > 0 then return on end
  local all = bosses(redis.call('SMEMBERS', 'staff'))
  if #all > 0 then return all end
  return redis.call('SMEMBERS', 'staff:on')
end

-- `again`: a promise made on top of an older request begins its steps anew, under ids of their own.
local function tell(id, cb, t, step, ring)
  if cb.again then step = step .. 'p' .. cb.again end
  for _, login in ipairs(audience()) do
    local deaf = redis.call('HGET', 'staff:' .. login, 'no_texts')
    local kind = deaf and deaf ~= '' and 'ring' or 'text'
    post(id .. '.' .. step .. '.' .. login, kind, id, login, t, tostring(step))
  end
  if ring then
    for _, login in ipairs(ring_list()) do post(id .. '.' .. step .. 'r.' .. login, 'ring', id, login, t, tostring(step)) end
  end
end

local function mark_late(id, cb, t)
  if cb.promised ~= '1' or cb.first_attempt_at or cb.late == '1' then return end
  set(id, 'late', 1)
  log(id, t, 'late')
  count('late')
  -- Whether they said yes to texts is looked at when it is sent, and only there (5_outbox.lua).
  post(id .. '.late', 'late', id, '', t)
end

-- Steps: 0 tells staff; 1…n are the reminders, the last of which rings; n + 1 is the promise's own time; above that, and
-- after each attempt (from 1000, 2000…), it pages again and again until a human takes it.
local function step(id, cb, t, plan)
  local k = tonumber(cb.step)
  local start = tonumber(cb.promised_at) - plan.promise
  if k >= 1000 then
    if not is_held(cb) then tell(id, cb, t, k, k % 1000 > 0) end
    set(id, 'step', k + 1, 'step_at', stamp(t + plan.repage))
  elseif k <= #plan.reminders then
    if not is_held(cb) then tell(id, cb, t, k, k == #plan.reminders and k > 0) end
    set(id, 'step', k + 1, 'step_at', stamp(start + (plan.reminders[k + 1] or plan.promise)))
  else
    local early = t < tonumber(cb.promised_at) -- the plan was longer once: nothing more until the promise's own time
    if not is_held(cb) and (early or k > #plan.reminders + 1) then tell(id, cb, t, k, true) end
    set(id, 'step', k + 1, 'step_at', stamp((early and tonumber(cb.promised_at) or t) + plan.repage))
  end
end

local function due(id, t, plan)
  local cb = record('cb:' .. id)
  if not cb.status or not is_open(cb) then
    redis.call('ZREM', 'cb:timer', id)
    return
  end
  if is_held(cb) and (tonumber(cb.lease_until) or 0) <= t then
    give_back(id, cb, t, 'lease ran out')
    count('lease_ran_out')
    tell(id, cb, t, 'b' .. cb.fence, false)
    cb = record('cb:' .. id)
  end
  -- Late by the clock, not by the step: a plan that changes between deploys must not move it.
  if tonumber(cb.promised_at) <= t then mark_late(id, cb, t) end
  if tonumber(cb.step_at) and tonumber(cb.step_at) <= t then step(id, cb, t, plan) end
  arm(id)
end

-- Outbox entries to hand to RQ: ready ones, and those whose sender fell silent. Nudged again until they are settled.
local function nudge(oid, t, out)
  local o = record('out:' .. oid)
  if o.state == 'sending' and o.kind == 'late' then -- nobody knows whether it went out: a resident is never texted twice
    redis.call('HSET', 'out:' .. oid, 'state', 'unknown')
    redis.call('EXPIRE', 'out:' .. oid, 7 * DAY)
    redis.call('ZREM', 'out:due', oid)
    log(o.cb, t, 'late text: outcome unknown')
  elseif o.cb and (o.state == 'ready' or o.state == 'sending') then
    redis.call('HSET', 'out:' .. oid, 'state', 'ready')
    redis.call('ZADD', 'out:due', stamp(t + 5), oid)
    out[#out + 1] = oid
  else
    redis.call('ZREM', 'out:due', oid)
  end
end

local function nudges(t)
  local out = {}
  for _, oid in ipairs(redis.call('ZRANGEBYSCORE', 'out:due', '-inf', stamp(t), 'LIMIT', 0, 128)) do
    if not pcall(nudge, oid, t, out) then
      count('sweep_damaged')
      redis.call('ZREM', 'out:due', oid)
    end
  end
  return out
end

local function redactions(t)
  local sids = redis.call('ZRANGEBYSCORE', 'redact', '-inf', stamp(t), 'LIMIT', 0, 64)
  for _, sid in ipairs(sids) do redis.call('ZADD', 'redact', stamp(t + 300), sid) end
  return sids
end

-- ARGV promise seconds, repage seconds, retention seconds, reminders in seconds after the request...
local function sweep(_, args)
  local t = now()
  local plan = { promise = tonumber(args[1]), repage = tonumber(args[2]), reminders = {} }
  for i = 4, #args do plan.reminders[#plan.reminders + 1] = tonumber(args[i]) end
  redis.call('HSET', 'beat', 'sweeper', stamp(t))
  local ids = redis.call('ZRANGEBYSCORE', 'cb:timer', '-inf', stamp(t), 'LIMIT', 0, 64)
  for _, id in ipairs(ids) do
    if not pcall(due, id, t, plan) then -- one damaged record must not stop the clock for everybody
      count('sweep_damaged')
      redis.call('ZADD', 'cb:timer', stamp(t + 60), id)
    end
  end
  redis.call('ZREMRANGEBYSCORE', 'cb:closed', '-inf', stamp(t - tonumber(args[3])))
  return { #ids, nudges(t), redactions(t) }
end

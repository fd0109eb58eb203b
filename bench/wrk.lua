-- Posts each line of a file (signature, tab, form) once and in order; prints one line of figures for load.py.
-- Not here: what is in the file (residents.py).
local waiting, sent = {}, 0

function init(args)
  local headers = { Host = "hotline.test", ["X-Forwarded-Proto"] = "https",
    ["Content-Type"] = "application/x-www-form-urlencoded" }
  for line in io.lines(args[1]) do
    local tab = line:find("\t", 1, true)
    headers["X-Twilio-Signature"] = line:sub(1, tab - 1)
    waiting[#waiting + 1] = wrk.format("POST", "/sms", headers, line:sub(tab + 1))
  end
end

function request()
  sent = sent + 1
  if not waiting[sent] then
    io.stderr:write("all requests are used up\n")
    os.exit(3)
  end
  return waiting[sent]
end

function done(summary, latency)
  local e = summary.errors
  print(string.format("FIGURES %d %d %.3f %.3f %d %d", summary.requests, summary.duration, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, e.status, e.connect + e.read + e.write + e.timeout))
end

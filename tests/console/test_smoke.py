from tests.console.builders import *
def test_smoke(kit, app, logged_in):
    cb = a_callback(kit, name="<b>Zoe</b>", language="es", may_text="yes")
    b = logged_in("ana", "supervisor")
    print(b.read("/staff")[:6000])
    r = b.post(f"/staff/callbacks/{cb.id}/claim"); print(r.status, r.headers)
    t = b.read(f"/staff/callbacks/{cb.id}"); print(t)
    for p in ("/staff/roster","/staff/ended","/staff/password","/","/staff/nope","/nope"):
        r = b.get(p); print(p, r.status)
        print(r.headers)

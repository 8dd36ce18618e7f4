import time, resource, functools
from datetime import datetime, timedelta
from tests.reminders.desk import *
from ivr.reminders.calling_hours import Holidays
import dataclasses
N=100_000
def test_x(environment,tmp_path):
    d=seated(environment,tmp_path)
    line=d.app.extensions["spineline"]
    h=line.rules.closed.holidays
    cl=replace(line.rules.closed,holidays=Holidays(functools.cache(h.is_holiday)))
    d.app.extensions["spineline"]=replace(line,rules=replace(line.rules,closed=cl))
    base=datetime(2026,12,1,9)
    rows=[f"+1212{2000000+i},{'en' if i%2 else 'es'},{base+timedelta(days=i%40,minutes=5*(i%90)):%Y-%m-%d %H:%M},P{i},A-{i}" for i in range(N)]
    f=d.write("\n".join([HEADINGS,*rows])); del rows
    def m(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss//1024
    print("MB",m(),flush=True)
    t=time.time(); print(d.run("reminders","upload","spring",f,*CONSENT,*BY).output[-100:], time.time()-t,"MB",m(),flush=True)
    t=time.time(); print(d.run("reminders","rehearse","spring").output[-400:], time.time()-t,m(),flush=True)
    t=time.time(); print(d.run("reminders","report","spring","--out",str(tmp_path/"r.xlsx"),*BY).output, time.time()-t,m())
    assert 0

import time, resource
from datetime import datetime, timedelta
from tests.reminders.desk import *
def test_x(environment,tmp_path):
    d=seated(environment,tmp_path)
    n=100_000
    base=datetime(2026,12,1,9)
    rows=[f"+1212{2000000+i},{'en' if i%2 else 'es'},{base+timedelta(days=i%40,minutes=5*(i%90)):%Y-%m-%d %H:%M},P{i},A-{i}" for i in range(n)]
    f=d.write("\n".join([HEADINGS,*rows])); del rows
    a=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    t=time.time(); print(d.run("reminders","upload","spring",f,*CONSENT,*BY).output, time.time()-t)
    b=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    t=time.time(); print(d.run("reminders","upload","spring",f,*CONSENT,*BY).output, time.time()-t)
    t=time.time(); print(d.run("reminders","rehearse","spring").output, time.time()-t)
    t=time.time(); print(d.run("reminders","report","spring","--out",str(tmp_path/"r.xlsx"),*BY).output, time.time()-t)
    c=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(a,b,c)
    assert 0

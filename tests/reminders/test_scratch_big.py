import time, resource, cProfile, pstats
from datetime import datetime, timedelta
from tests.reminders.desk import *
N=5000
def test_x(environment,tmp_path):
    d=seated(environment,tmp_path)
    base=datetime(2026,12,1,9)
    rows=[f"+1212{2000000+i},{'en' if i%2 else 'es'},{base+timedelta(days=i%40,minutes=5*(i%90)):%Y-%m-%d %H:%M},P{i},A-{i}" for i in range(N)]
    f=d.write("\n".join([HEADINGS,*rows])); del rows
    pr=cProfile.Profile(); pr.enable()
    t=time.time(); print(d.run("reminders","upload","spring",f,*CONSENT,*BY).output[-100:], time.time()-t)
    pr.disable(); pstats.Stats(pr).sort_stats("cumtime").print_stats(45)
    assert 0

from sim.errors import SimError as SimError
from sim.ledger.switches import null_of as null_of
from sim.scenario.scenario import Scenario as Scenario
from sim.verbs.ablate import ablate as ablate
from sim.verbs.branch import branch as branch
from sim.verbs.brief import brief as brief
from sim.verbs.calibrate import calibrate as calibrate
from sim.verbs.catalogue import list_scenarios as list_scenarios
from sim.verbs.check import check as check
from sim.verbs.compare import compare as compare
from sim.verbs.explain import explain as explain
from sim.verbs.forecast import forecast as forecast
from sim.verbs.import_events import import_events as import_events
from sim.verbs.load import load as load
from sim.verbs.replay import replay as replay
from sim.verbs.report import report as report
from sim.verbs.rerun import rerun as rerun
from sim.verbs.rivals import rivals as rivals
from sim.verbs.run import run as run
from sim.verbs.score import score as score
from sim.verbs.sensitivity import discover as discover
from sim.verbs.sensitivity import sensitivity as sensitivity
from sim.verbs.sweep import sweep as sweep

__all__: list[str]
__version__: str

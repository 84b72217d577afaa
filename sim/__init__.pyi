from sim.errors import SimError as SimError
from sim.scenario.scenario import Scenario as Scenario
from sim.verbs.evidence.calibrate import calibrate as calibrate
from sim.verbs.evidence.forecast import forecast as forecast
from sim.verbs.evidence.rivals import rivals as rivals
from sim.verbs.evidence.score import score as score
from sim.verbs.files.catalogue import list_scenarios as list_scenarios
from sim.verbs.files.check import check as check
from sim.verbs.files.import_events import import_events as import_events
from sim.verbs.files.load import load as load
from sim.verbs.files.null_of import null_of as null_of
from sim.verbs.replications.branch import branch as branch
from sim.verbs.replications.brief import brief as brief
from sim.verbs.replications.explain import explain as explain
from sim.verbs.replications.replay import replay as replay
from sim.verbs.replications.report import report as report
from sim.verbs.replications.rerun import rerun as rerun
from sim.verbs.replications.run import run as run
from sim.verbs.studies.ablate import ablate as ablate
from sim.verbs.studies.compare import compare as compare
from sim.verbs.studies.sensitivity import discover as discover
from sim.verbs.studies.sensitivity import sensitivity as sensitivity
from sim.verbs.studies.sweep import sweep as sweep

__all__: list[str]
__version__: str

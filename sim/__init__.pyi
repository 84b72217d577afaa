from sim.engine.run import run_replication as run_replication
from sim.ensemble.ensemble import run_draws as run_draws
from sim.ensemble.ensemble import run_ensemble as run_ensemble
from sim.ensemble.frames import record_frame as record_frame
from sim.experiment.posterior import read_posterior as read_posterior
from sim.explanation.branch import branch as branch
from sim.explanation.difference import but_for as but_for
from sim.explanation.explain import explain as explain
from sim.explanation.necessity import but_for_all as but_for_all
from sim.importing.reader import import_events as import_events
from sim.ledger.ablation import ablate as ablate
from sim.ledger.switches import null_of as null_of
from sim.outcomes import outcomes_of as outcomes_of
from sim.scenario.load import load as load
from sim.scenario.scenario import Scenario as Scenario

__all__: list[str]
__version__: str

"""The page: what stands where, and which function answers when something is moved.

Every answer is a call of a plain function of `session`, `history` or `kept`. The
browser asks for more worlds when it has shown those that it got, and stops by itself: a
page that nobody touches asks for nothing.
"""

from __future__ import annotations

from collections import OrderedDict
from importlib import import_module
from pathlib import PurePath
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Final

from dash import (
    ALL,
    MATCH,
    ClientsideFunction,
    Input,
    Output,
    State,
    ctx,
    dcc,
    html,
    no_update,
    set_props,
)
from dash.exceptions import PreventUpdate

from sim.digits import figure, interval_text
from sim.errors import ScenarioError, SimError
from sim.explorer import figures
from sim.explorer.kept import keep
from sim.explorer.levers import FIRST, SCREENED, WAITING, Lever, is_waiting, matching
from sim.explorer.session import Answer, Session
from sim.explorer.view import STEPS, View, view_of
from sim.ladder import ACTS, Act, name_of
from sim.scenario.calendar import days_since, moment_of
from sim.scenario.load import shipped_scenarios

if TYPE_CHECKING:
    from pathlib import Path

    from sim.explorer.history import History, Story
    from sim.scenario.scenario import Scenario

PLACES: Final = 200
"""Steps of a slider from one end of its range to the other."""

AT_ONCE: Final = 6
"""Numbers that are ranked between two signs of progress."""

MOST_HISTORIES: Final = 8
MOST_RANKED: Final = 12
MOST_LEVERS: Final = 40

PLOT: Final[Any] = {"displayModeBar": False, "responsive": True}

PARTS: Final = {
    "worlds-seen": "Worlds",
    "numbers": "Numbers",
    "history": "A history",
    "a-move": "A move",
    "matters": "What matters most",
    "to-keep": "Keep",
}

TOUR: Final = (
    (
        "What is looked at",
        "Choose an outcome. The picture shows in how many of the simulated worlds it "
        "takes which value.",
    ),
    (
        "Move a number",
        "Each slider is a number of the scenario over the range that its sources "
        "allow. What changes is shown in the same worlds: the difference, its "
        "interval, and in how many worlds it goes up, down or stays. 'Range' draws "
        "the number from a range.",
    ),
    (
        "A typical history",
        "One of the worlds on the ladder and on the map. Play it; choose an incident "
        "to read what led to it, and what would not have happened without it.",
    ),
    (
        "Let somebody act, and keep it",
        "Put in a move on a date and see the futures with and without it. What you "
        "see can be kept as an experiment, a run, a report, or the command that "
        "repeats it.",
    ),
)

DROPS: Final[dict[str, Any]] = {"maxHeight": 420, "search_order": "original"}
"""How a list drops down: most of it is seen, and what is true comes before reports."""

LIVE: Final[dict[str, Any]] = {"aria-live": "polite"}
UNSEEN: Final[dict[str, Any]] = {"aria-hidden": "true"}

_SIDES: Final = ("foreign", "host", "civilian", "militia", "sponsor")


class Page:
    """The page of one or more scenarios, and what it remembers between two requests."""

    def __init__(self, session: Session, folder: Path, view: View) -> None:
        self.first = session
        self.folder = folder
        self.view = view
        self._sessions = {session.file: session}
        self._histories: OrderedDict[tuple[str, str, int], History] = OrderedDict()
        self._newest: dict[str, float] = {}
        self._job: _Job | None = None
        self._lock = Lock()

    def furnish(self, app: Any) -> None:
        """Give an app its layout and its answers."""
        app.layout = self.layout
        _browser_side(app)
        app.callback(
            Output("content", "children"),
            Output("digest", "data"),
            Input("url", "search"),
            State("digest", "data"),
        )(self.content)
        app.callback(
            Output("levers", "children"),
            Input("search", "value"),
            Input("relist", "data"),
            State("view", "data"),
        )(self.listed)
        app.callback(
            Output({"part": "shown", "path": MATCH}, "children"),
            Output({"part": "error", "path": MATCH}, "children"),
            Output({"part": "one", "path": MATCH}, "hidden"),
            Output({"part": "two", "path": MATCH}, "hidden"),
            Output({"part": "slide", "path": MATCH}, "value"),
            Input({"part": "slide", "path": MATCH}, "value"),
            Input({"part": "ends", "path": MATCH}, "value"),
            Input({"part": "ranged", "path": MATCH}, "value"),
            Input({"part": "box", "path": MATCH}, "value"),
            Input({"part": "back", "path": MATCH}, "n_clicks"),
            State("view", "data"),
        )(self.moved)
        app.callback(
            Output("view", "data", allow_duplicate=True),
            Input("outcome", "value"),
            State("view", "data"),
        )(self.looked)
        app.callback(
            Output("view", "data", allow_duplicate=True),
            Output("relist", "data"),
            Input("reset", "n_clicks"),
            State("view", "data"),
        )(self.reset)
        app.callback(
            Output("distribution", "figure"),
            Output("difference", "figure"),
            Output("shares", "children"),
            Output("brief", "children"),
            Output("sentence", "children"),
            Output("problem", "children"),
            Output("answered", "data"),
            Input("asked", "data"),
        )(self.answered)
        app.callback(
            Output("ladder", "figure"),
            Output("map", "figure"),
            Output("date", "children"),
            Output("incident", "options"),
            Output("history-problem", "children"),
            Input("day", "value"),
            Input("telling", "value"),
            Input("which", "value"),
            Input("number", "value"),
            Input("chosen", "data"),
            Input("settled", "data"),
            State("view", "data"),
            prevent_initial_call=False,
        )(self.history)
        app.callback(
            Output("number", "value"),
            Input("typical", "n_clicks"),
            State("which", "value"),
            State("view", "data"),
        )(self.typical)
        app.callback(
            Output("story", "children"),
            Output("chosen", "data"),
            Output("incident", "value"),
            Input("ladder", "clickData"),
            Input("map", "clickData"),
            Input("incident", "value"),
            State("which", "value"),
            State("number", "value"),
            State("view", "data"),
        )(self.story)
        app.callback(
            output=(
                Output("view", "data", allow_duplicate=True),
                Output("moves", "children"),
                Output("move-problem", "children"),
            ),
            inputs={
                "_": Input("play-move", "n_clicks"),
                "unmoved": Input({"part": "unmove", "id": ALL}, "n_clicks"),
                "entered": {
                    name: State(f"move-{name}", "value")
                    for name in (
                        "date",
                        "actor",
                        "act",
                        "target",
                        "site",
                        "dead",
                        "side",
                    )
                },
                "data": State("view", "data"),
            },
        )(self.played)
        app.callback(
            Output("futures", "children"),
            Input("branch", "n_clicks"),
            State("number", "value"),
            State("view", "data"),
        )(self.futures)
        app.callback(
            Output("ranking", "children"),
            Output("ranked", "data"),
            Input("rank-next", "data"),
            State("ranked", "data"),
            State("view", "data"),
        )(self.ranked)
        app.callback(
            Output("kept", "children"),
            Output("job", "disabled"),
            Output("keep-stop", "disabled"),
            Input("keep", "n_clicks"),
            Input("job", "n_intervals"),
            Input("keep-stop", "n_clicks"),
            State("keep-name", "value"),
            State("keep-form", "value"),
            State("view", "data"),
        )(self.keep_view)

    # --- What stands where -------------------------------------------------------

    def session(self, file: str) -> Session:
        """Return the session of a scenario that ships, or of that which was given."""
        with self._lock:
            if file not in self._sessions:
                if file not in shipped_scenarios():
                    return self.first
                self._sessions[file] = Session(file, root_seed=self.first.root_seed)
            return self._sessions[file]

    def _seen(self, data: dict[str, Any]) -> tuple[View, Session]:
        """Return a view that the browser has sent, and whose it is."""
        view = view_of(data)
        return view, self.session(view.scenario)

    def layout(self) -> Any:
        """Return the page of the scenario that was given."""
        # What the first comparison needs takes a moment to load: meanwhile it is read.
        Thread(target=import_module, args=("scipy.stats",), daemon=True).start()
        return html.Div(
            [
                dcc.Location(id="url", refresh=False),
                dcc.Store(id="tour", storage_type="local"),
                dcc.Store(id="digest", data=self.first.scenario.digest),
                html.Div(self._content(self.first), id="content"),
            ]
        )

    def content(self, search: str | None, digest: str) -> Any:
        """Return the page of the scenario of an address, if another one is shown.

        What was typed into a page that is shown already stays.
        """
        from urllib.parse import parse_qs

        asked = parse_qs((search or "").lstrip("?")).get("scenario", [self.first.file])
        session = self.session(asked[0])
        if session.scenario.digest == digest:
            return no_update, no_update
        return self._content(session), session.scenario.digest

    def _content(self, session: Session) -> Any:
        view = self.view if session is self.first else session.view()
        answer = session.answer(view, STEPS[0])
        data = _data(view)
        seen = {"view": data, "n": answer.n, "seq": 0}
        return [
            dcc.Store(id="view", data=data),
            dcc.Store(id="asked"),
            dcc.Store(id="answered", data=seen),
            dcc.Store(id="chosen", data=0),
            dcc.Store(id="relist"),
            dcc.Store(id="settled"),
            dcc.Store(id="rank-next"),
            dcc.Store(id="ranked"),
            dcc.Store(id="first-day", data=int(session.scenario.since)),
            dcc.Interval(id="playing", interval=250, disabled=True),
            dcc.Interval(id="job", interval=500, disabled=True),
            self._head(session),
            _tour(),
            html.Main(
                [
                    self._controls(session, view),
                    self._answer(answer),
                    self._history(session),
                    self._moves(session, view),
                    self._ranking(),
                    self._keep(),
                ]
            ),
        ]

    def _head(self, session: Session) -> Any:
        names = sorted({self.first.file, *shipped_scenarios()})
        scenario = session.scenario
        status = "" if scenario.status == "checked" else f"Status: {scenario.status}."
        return html.Header(
            [
                html.H1(scenario.title),
                html.P(
                    f"{scenario.start} to {scenario.day_of(scenario.horizon)}, "
                    f"root_seed {session.root_seed}. {_past_text(scenario)}{status}",
                    className="quiet",
                ),
                _labelled(
                    "Scenario",
                    dcc.Dropdown(
                        id="scenario",
                        options=_options({name: _file_name(name) for name in names}),
                        value=session.file,
                        clearable=False,
                        **DROPS,
                    ),
                ),
                html.Button("Tour", id="tour-open", className="plain"),
                html.Nav(
                    [html.A(text, href=f"#{part}") for part, text in PARTS.items()],
                    **_named("Parts of the page"),
                ),
            ]
        )

    def _controls(self, session: Session, view: View) -> Any:
        return _section(
            "numbers",
            "Numbers",
            _labelled(
                f"Find one of {len(session.levers)} numbers",
                dcc.Input(
                    id="search",
                    type="search",
                    debounce=0.2,
                    placeholder="such as Tehran, wait, accuracy",
                ),
            ),
            html.Div(self._listed(session, view, ""), id="levers"),
            html.Button("Set all back", id="reset", className="plain"),
            className="controls",
        )

    def _card(self, session: Session, lever: Lever, view: View) -> Any:
        path = lever.path
        value = view.changes.get(path, lever.value)
        ends = view.ranges.get(path)
        low, high = ends or (lever.factor.low, lever.factor.high)

        looks: dict[str, Any] = {
            "min": 0,
            "max": PLACES,
            "step": 1,
            "marks": None,
            "updatemode": "drag",
            "allow_direct_input": False,
        }
        named = f"{lever.owner}: {lever.label}"
        return html.Div(
            [
                html.Div(
                    [
                        html.Strong(lever.owner),
                        html.Span(f" {lever.label}"),
                    ],
                    className="what",
                    title=f"{path} ({lever.cited.basis}) {lever.cited.note}",
                ),
                html.Div(
                    dcc.Slider(
                        id={"part": "slide", "path": path},
                        value=_place(lever, value),
                        **looks,
                    ),
                    id={"part": "one", "path": path},
                    hidden=ends is not None,
                    role="group",
                    **_named(f"value of {named}"),
                ),
                html.Div(
                    dcc.RangeSlider(
                        id={"part": "ends", "path": path},
                        value=[_place(lever, low), _place(lever, high)],
                        **looks,
                    ),
                    id={"part": "two", "path": path},
                    hidden=ends is None,
                    role="group",
                    **_named(f"range of {named}"),
                ),
                _row(
                    html.Output(
                        _shown(lever, view), id={"part": "shown", "path": path}
                    ),
                    _unseen(
                        f"value of {named}, typed",
                        dcc.Input(
                            id={"part": "box", "path": path},
                            type="text",
                            debounce=True,
                            placeholder=_example(lever),
                            className="box",
                        ),
                    ),
                    dcc.Checklist(
                        id={"part": "ranged", "path": path},
                        options=[{"label": "range", "value": "on"}],
                        value=["on"] if ends else [],
                        className="ranged",
                    ),
                    html.Button(
                        "back",
                        id={"part": "back", "path": path},
                        className="plain",
                        title="as the scenario stands",
                    ),
                ),
                html.Div(
                    id={"part": "error", "path": path}, className="error", role="alert"
                ),
            ],
            className="lever",
        )

    def _answer(self, answer: Answer) -> Any:
        table = self.session(answer.view.scenario).outcomes
        options = {
            name: f"{row.label} ({row.meaning})" if row.kind == "share" else row.label
            for name, row in sorted(table.items(), key=lambda x: x[1].is_reported)
        }
        return _section(
            "worlds-seen",
            "What it makes of the worlds",
            _labelled(
                "Outcome",
                dcc.Dropdown(
                    id="outcome",
                    options=_options(options),
                    value=answer.view.outcome,
                    clearable=False,
                    optionHeight=44,
                    **DROPS,
                ),
            ),
            html.Div(id="problem", className="error", role="alert"),
            html.P(answer.text, id="sentence", **LIVE),
            _graph("distribution", 300, figure=figures.distribution_figure(answer)),
            _graph("difference", 120, figure=figures.difference_figure(answer)),
            html.Div(_shares(answer), id="shares"),
            html.P(_brief(answer), id="brief"),
            html.Div(
                [
                    html.Span(id="worlds", **LIVE),
                    html.Progress(id="progress", value="0", max=str(STEPS[-1])),
                    html.Button("Stop", id="stop", className="plain"),
                ],
                className="row quiet",
            ),
            named="Answer",
            className="answer",
        )

    def _history(self, session: Session) -> Any:
        last = int(session.until)
        return _section(
            "history",
            "A typical history",
            _row(
                dcc.RadioItems(
                    id="which",
                    options=_options({"own": "as it stands", "changed": "as changed"}),
                    value="own",
                    inline=True,
                ),
                dcc.RadioItems(
                    id="telling",
                    options=_options({"true": "true", "reported": "reported"}),
                    value="true",
                    inline=True,
                ),
                _labelled(
                    "Replication",
                    dcc.Input(
                        id="number",
                        type="number",
                        min=0,
                        step=1,
                        debounce=True,
                        className="box",
                    ),
                ),
                html.Button("Typical", id="typical", className="plain"),
            ),
            html.Div(
                [
                    html.Button("Play", id="play"),
                    html.Div(
                        dcc.Slider(
                            id="day",
                            min=0,
                            max=last,
                            step=1,
                            value=last,
                            marks=None,
                            updatemode="drag",
                            allow_direct_input=False,
                        ),
                        role="group",
                        **_named("day of the history"),
                    ),
                    html.Output("", id="date"),
                ],
                className="row time",
            ),
            html.Div(id="history-problem", className="error", role="alert"),
            html.Div(
                [
                    html.Div(_graph("ladder", 430), className="scrolls-wide"),
                    _graph("map", None),
                ],
                className="side-by-side",
            ),
            html.P(
                "Shapes: "
                + "; ".join(
                    f"{shape.replace('-up', '')} {name}"
                    for shape, name in zip(
                        figures.SYMBOLS, figures.CLASSES, strict=True
                    )
                )
                + ". A red edge: somebody dies. Borders and coastlines: GSHHS and "
                "World Data Bank II.",
                className="quiet",
            ),
            _labelled(
                "Incident (or choose one in the pictures)",
                dcc.Dropdown(id="incident", optionHeight=56, **DROPS),
            ),
            dcc.Loading(html.Div(id="story", **LIVE), delay_show=400),
        )

    def _moves(self, session: Session, view: View) -> Any:
        scenario = session.scenario
        actors = {actor.name: actor.label for actor in scenario.actors}
        acts = {name_of(row.act): row.label for row in ACTS if row.act is not Act.NONE}
        sites = {site.name: site.label for site in scenario.sites}
        middle = scenario.day_of((scenario.since + scenario.horizon) / 2)

        def choice(name: str, label: str, options: dict[str, str], value: Any) -> Any:
            return _labelled(
                label,
                dcc.Dropdown(
                    id=f"move-{name}",
                    options=_options(options),
                    value=value,
                    clearable=value is None,
                    **DROPS,
                ),
            )

        first = next(iter(actors))
        return _section(
            "a-move",
            "A move",
            html.P(
                "On a date, let an actor do something. The pictures above then "
                "show the worlds with it against those without; before its date "
                f"they are the same. {_past_text(scenario)}",
                className="quiet",
            ),
            html.Div(
                [
                    _labelled(
                        "Date",
                        dcc.Input(id="move-date", type="text", value=f"{middle}T12:00"),
                    ),
                    choice("actor", "Actor", actors, first),
                    choice("act", "Act", acts, name_of(Act.THREAT)),
                    choice("target", "Towards", actors, None),
                    choice("site", "At", sites, None),
                    html.Div(
                        [
                            _labelled(
                                "Dead",
                                dcc.Input(
                                    id="move-dead",
                                    type="number",
                                    min=0,
                                    step=1,
                                    value=0,
                                ),
                            ),
                            choice(
                                "side",
                                "of side",
                                {side: side for side in _SIDES},
                                "militia",
                            ),
                        ],
                        className="toll",
                    ),
                    html.Button("Let it happen", id="play-move"),
                ],
                className="fields",
            ),
            html.Div(id="move-problem", className="error", role="alert"),
            html.Ul(_move_list(session, view), id="moves"),
            html.Button("Futures of the history shown, with and without", id="branch"),
            dcc.Loading(html.P(id="futures", **LIVE), delay_show=400),
        )

    def _ranking(self) -> Any:
        return _section(
            "matters",
            "Which number matters most?",
            html.P(
                "For the outcome chosen above: each number from the low to the "
                "high end of its range, all else as the scenario stands, in the "
                "same 100 worlds.",
                className="quiet",
            ),
            _row(
                html.Button("Rank the numbers", id="rank"),
                html.Button("Stop", id="rank-stop", className="plain"),
            ),
            html.Div(id="ranking", **LIVE),
            named="Which number matters most",
        )

    def _keep(self) -> Any:
        forms = {
            "experiment": "experiment",
            "run": "run",
            "report": "report",
            "view": "command only",
        }
        return _section(
            "to-keep",
            "Keep what is seen",
            _row(
                _labelled(
                    "Name",
                    dcc.Input(id="keep-name", type="text", value="explored"),
                ),
                dcc.RadioItems(
                    id="keep-form",
                    options=_options(forms),
                    value="experiment",
                    inline=True,
                ),
                html.Button("Keep", id="keep"),
                html.Button("Stop", id="keep-stop", className="plain", disabled=True),
            ),
            html.Div(id="kept", **LIVE),
        )

    # --- What answers when something is moved ---------------------------------------

    def listed(self, words: str | None, _: Any, data: dict[str, Any]) -> Any:
        """Return the levers that some words are about."""
        view, session = self._seen(data)
        return self._listed(session, view, words or "")

    def _listed(self, session: Session, view: View, words: str) -> list[Any]:
        levers = matching(session.levers, words)
        said = f"{len(levers)} of {len(session.levers)} numbers are about that."
        if not words.strip():
            said = (
                f"First {FIRST} of those whose effect on attacks, strikes, coalition "
                f"deaths or raids a screening of {SCREENED} told from chance."
            )
        elif not levers:
            said = "No number is about that."
        if len(levers) > MOST_LEVERS:
            said += f" The first {MOST_LEVERS}:"
        lines = [html.P(said, className="quiet")]
        if is_waiting(words):
            lines.append(html.P(WAITING, className="quiet"))
        return lines + [self._card(session, one, view) for one in levers[:MOST_LEVERS]]

    def moved(
        self,
        slide: Any,
        both: list[Any],
        ranged: list[str] | None,
        box: str | None,
        back: int | None,
        data: dict[str, Any],
    ) -> tuple[Any, ...]:
        """Take a number where its lever was moved to; say beside it what is wrong."""
        del back
        part = ctx.triggered_id
        if not part:
            raise PreventUpdate
        path, which = str(part["path"]), str(part["part"])
        view, session = self._seen(data)
        lever = session.by_path[path]
        changes, ranges = dict(view.changes), dict(view.ranges)
        error, place = "", no_update
        is_ranged = bool(ranged)
        if which == "back":
            changes.pop(path, None)
            ranges.pop(path, None)
            is_ranged, place = False, _place(lever, lever.value)
            set_props({"part": "ranged", "path": path}, {"value": []})
            set_props({"part": "box", "path": path}, {"value": ""})
        elif is_ranged:
            ends = sorted(_value(lever, place) for place in both)
            changes.pop(path, None)
            if ends[0] < ends[1]:
                ranges[path] = (ends[0], ends[1])
            else:
                error = "the range has one value; move its ends apart"
        elif which == "box":
            ranges.pop(path, None)
            if not (box or "").strip():
                raise PreventUpdate
            try:
                value = lever.number((box or "").strip().replace("−", "-"))
            except ValueError as reason:
                error = str(reason)
            else:
                changes[path], place = value, _place(lever, value)
        else:
            ranges.pop(path, None)
            if int(slide) == _place(lever, lever.value):
                changes.pop(path, None)
            elif int(slide) != _place(lever, changes.get(path, lever.value)):
                changes[path] = _value(lever, slide)
        new = _with(view, changes=changes, ranges=ranges)
        if not error and which == "box":
            error = fault_of(session, new, path)
        if not error and new != view:
            set_props("view", {"data": _data(new)})
        shown = _shown(lever, view if error else new)
        return shown, error, is_ranged, not is_ranged, place

    def looked(self, outcome: str, data: dict[str, Any]) -> Any:
        """Look at another outcome."""
        view = view_of(data)
        if outcome == view.outcome:
            raise PreventUpdate
        return _data(_with(view, outcome=outcome))

    def reset(self, _: int, data: dict[str, Any]) -> tuple[Any, Any]:
        """Set every number back; moves stay."""
        view = view_of(data)
        return _data(_with(view, changes={}, ranges={})), _

    def answered(self, asked: dict[str, Any] | None) -> tuple[Any, ...]:
        """Answer a view from as many worlds as asked; the newest question counts.

        Another scenario's page begins with no question.
        """
        if asked is None:
            raise PreventUpdate
        view, n = view_of(asked["view"]), int(asked["n"])
        tab, number = str(asked["tab"]), float(asked["seq"])
        self._newest[tab] = max(number, self._newest.get(tab, 0.0))
        session = self.session(view.scenario)
        try:
            with session.turn():
                if number < self._newest[tab]:
                    raise PreventUpdate
                answer = session.answer(view, n)
        except SimError as error:
            same = (no_update,) * 5
            return *same, str(error), {**asked, "is_last": True}
        return (
            figures.distribution_figure(answer),
            figures.difference_figure(answer),
            _shares(answer),
            _brief(answer),
            answer.text,
            "",
            {**asked, "n": answer.n},
        )

    def history(
        self,
        day: Any,
        telling: str,
        which: str,
        number: int | None,
        chosen: int,
        _: Any,
        data: dict[str, Any],
    ) -> tuple[Any, ...]:
        """Show a history up to a day."""
        triggered = ctx.triggered_id
        view = view_of(data)
        try:
            if number is None:
                number = self.typical(0, which, data)
                set_props("number", {"value": number})
            history = self._history_of(view, which, number)
        except SimError as error:
            return (*(no_update,) * 4, str(error))
        at, is_reported = float(day), telling == "reported"
        options: Any = no_update
        if triggered != "day":
            options = [
                {
                    "label": f"{one.date}  {one.text}"[:160],
                    "value": one.number,
                }
                for one in history.seen
                if one.is_reported or not is_reported
            ]
        return (
            figures.ladder_figure(
                history, at, is_reported=is_reported, chosen=chosen or 0
            ),
            figures.map_figure(
                history, at, is_reported=is_reported, chosen=chosen or 0
            ),
            f"{history.scenario.day_of(at)}",
            options,
            "",
        )

    def _history_of(self, view: View, which: str, number: int) -> History:
        from sim.explorer.history import history_of

        session = self.session(view.scenario)
        seen = view if which == "changed" else session.view()
        key = (view.scenario, seen.key, number)
        with session.turn():
            if key not in self._histories:
                self._histories[key] = history_of(session, seen, number)
                while len(self._histories) > MOST_HISTORIES:
                    self._histories.popitem(last=False)
            return self._histories[key]

    def typical(self, _: int, which: str, data: dict[str, Any]) -> int:
        """Return the number of the typical replication."""
        from sim.explorer.history import typical_of

        view, session = self._seen(data)
        with session.turn():
            return typical_of(
                session, view if which == "changed" else session.view(), STEPS[0]
            )

    def story(
        self,
        on_ladder: Any,
        on_map: Any,
        listed: int | None,
        which: str,
        number: int | None,
        data: dict[str, Any],
    ) -> tuple[Any, Any, Any]:
        """Tell the incident that was chosen."""
        from sim.explorer.history import story_of

        part = ctx.triggered_id
        click = {"ladder": on_ladder, "map": on_map}.get(str(part))
        chosen = listed
        if click is not None:
            chosen = click["points"][0].get("customdata")
        if not chosen:
            raise PreventUpdate
        view, session = self._seen(data)
        try:
            history = self._history_of(view, which, number or 0)
            with session.turn():
                story = story_of(history, int(chosen))
        except SimError as error:
            return html.P(str(error), className="error"), no_update, no_update
        return _story_block(story), int(chosen), int(chosen)

    def played(
        self,
        _: int | None,
        unmoved: list[int | None],
        entered: dict[str, Any],
        data: dict[str, Any],
    ) -> tuple[Any, Any, Any]:
        """Add a move to the view, or take one away."""
        view, session = self._seen(data)
        part = ctx.triggered_id
        if isinstance(part, dict):
            if not any(unmoved):
                raise PreventUpdate
            moves = tuple(one for one in view.moves if one["id"] != part["id"])
        else:
            incident = {name: entered[name] for name in ("act", "actor")}
            incident |= {n: entered[n] for n in ("target", "site") if entered[n]}
            if entered["dead"]:
                incident[f"killed_{entered['side']}"] = int(entered["dead"])
            incident["played"] = True
            taken = {one["id"] for one in view.moves}
            number = next(
                k for k in range(1, len(taken) + 2) if f"move_{k}" not in taken
            )
            move = {
                "id": f"move_{number}",
                "date": entered["date"] or "",
                "incident": incident,
            }
            moves = (*view.moves, move)
        new = _with(view, moves=moves)
        try:
            session.scenario_of(new)
        except SimError as error:
            return no_update, no_update, _faults(error)
        return _data(new), _move_list(session, new), ""

    def futures(self, _: int, number: int | None, data: dict[str, Any]) -> Any:
        """Compare the futures of the history shown with the moves and without."""
        from sim.explorer.history import FUTURES_ASKED, futures_of

        view, session = self._seen(data)
        if not view.moves:
            return "There is no move yet."
        start = session.scenario.start
        day = min(
            days_since(start, moment_of(str(move["date"]))) for move in view.moves
        )
        try:
            with session.turn():
                row = futures_of(session, view, number or 0, day)
        except SimError as error:
            return str(error)
        estimate = row.headline
        size = figure(estimate.value, estimate.half_width, signed=True)
        return (
            f"{FUTURES_ASKED} futures of replication {number or 0} from "
            f"{session.scenario.day_of(day)} on, with the moves against without: "
            f"{row.outcome.label} {size} on average (95 % interval "
            f"{interval_text(estimate.low, estimate.high)}); higher in "
            f"{100 * row.share_more:.0f} %, lower in {100 * row.share_less:.0f} %, the "
            f"same in {100 * row.share_same:.0f} % of futures. Both have the one past."
        )

    def ranked(
        self,
        asked: dict[str, Any] | None,
        ranked: dict[str, Any] | None,
        data: dict[str, Any],
    ) -> tuple[Any, Any]:
        """Rank some more numbers, and show how far it is."""
        if asked is None:
            raise PreventUpdate
        view, session = self._seen(data)
        at = int(asked["at"])
        rows: list[Any] = [] if at == 0 else list((ranked or {}).get("rows", []))
        outcome = view.outcome if at == 0 else str((ranked or {})["outcome"])
        with session.turn():
            for lever in session.levers[at : at + AT_ONCE]:
                effect = session.crossing(lever, outcome).effect
                row = [lever.path, effect.value, effect.low, effect.high]
                rows.append([x if x == x else None for x in row])  # noqa: PLR0124
        n = len(session.levers)
        at = min(at + AT_ONCE, n)
        state = {"at": at, "of": n, "rows": rows, "outcome": outcome}
        return _ranking(session, state), {**state, "seq": asked["seq"]}

    def keep_view(
        self,
        _: int | None,
        ticks: int | None,
        stops: int | None,
        name: str | None,
        form: str,
        data: dict[str, Any],
    ) -> tuple[Any, bool, bool]:
        """Keep the view; a run is made beside, and can be stopped."""
        del ticks, stops
        part = ctx.triggered_id
        if part == "keep-stop":
            if self._job is not None:
                self._job.is_stopped = True
            raise PreventUpdate
        if part == "keep" and (self._job is None or self._job.is_over):
            view, session = self._seen(data)
            self._job = _Job(session, view, form, self.folder, (name or "").strip())
            self._job.start()
            self._job.join(1.0)
        job = self._job
        if job is None:
            raise PreventUpdate
        return job.shown(), job.is_over, job.is_over


class _Stopped(Exception):  # noqa: N818 - it is no error
    """Somebody stopped what was being kept."""


class _Job(Thread):
    """Something that is being kept."""

    def __init__(
        self, session: Session, view: View, form: str, home: Path, name: str
    ) -> None:
        super().__init__(daemon=True)
        self.session, self.view, self.form = session, view, form
        self.home, self.name_in_home = home, name
        self.is_stopped = False
        self.is_over = False
        self.done = (0, view.replications)
        self.result: Any = None

    def run(self) -> None:
        """Keep it; whatever ends it, it is over."""
        try:
            with self.session.turn():
                written = keep(
                    session=self.session,
                    view=self.view,
                    form=self.form,
                    home=self.home,
                    name=self.name_in_home,
                    progress=self._progress,
                )
            self.result = [
                html.P(f"Kept in {self.home / self.name_in_home}. What repeats it:"),
                *(html.Pre(command, tabIndex=0) for command in written.commands),
                html.P("The numbers, to the last digit:"),
                html.Pre(written.numbers, tabIndex=0, id="kept-numbers"),
            ]
        except _Stopped:
            self.result = html.P(
                f"Stopped after {self.done[0]} worlds; what is whole is kept in "
                f"{self.home / self.name_in_home}."
            )
        except SimError as error:
            self.result = html.P(str(error), className="error")
        finally:
            self.is_over = True

    def _progress(self, done: int, asked: int) -> None:
        self.done = (done, asked)
        if self.is_stopped:
            raise _Stopped

    def shown(self) -> Any:
        """Return what the page shows of it."""
        if self.is_over:
            return self.result
        done, asked = self.done
        return [
            html.Progress(value=str(done), max=str(asked)),
            html.Span(f" {done:,} of {asked:,} worlds"),
        ]


# --- Pieces ------------------------------------------------------------------------


def _browser_side(app: Any) -> None:
    """Give an app what the browser does by itself (assets/explorer.js)."""

    def client(name: str, *arguments: Any, **more: Any) -> None:
        app.clientside_callback(
            ClientsideFunction("explorer", name), *arguments, **more
        )

    client(
        "ask",
        Output("asked", "data"),
        Input("view", "data"),
    )
    client(
        "refine",
        Output("worlds", "children"),
        Output("progress", "value"),
        Output("stop", "disabled"),
        Input("answered", "data"),
        Input("stop", "n_clicks"),
        prevent_initial_call=False,
    )
    client(
        "play",
        Output("playing", "disabled"),
        Output("play", "children"),
        Input("play", "n_clicks"),
        State("playing", "disabled"),
        State("day", "value"),
        State("day", "max"),
        State("first-day", "data"),
    )
    client(
        "tick",
        Output("day", "value"),
        Input("playing", "n_intervals"),
        State("day", "value"),
        State("day", "max"),
    )
    client(
        "rank",
        Output("rank-next", "data"),
        Input("rank", "n_clicks"),
    )
    client(
        "rankMore",
        Output("rank-stop", "disabled"),
        Input("ranked", "data"),
        Input("rank-stop", "n_clicks"),
        prevent_initial_call=False,
    )
    client(
        "goTo",
        Output("search", "value"),
        Input({"part": "goto", "path": ALL}, "n_clicks"),
    )
    client(
        "elsewhere",
        Output("url", "search"),
        Input("scenario", "value"),
        State("url", "search"),
    )
    client(
        "tour",
        Output("tour-box", "hidden"),
        Output("tour-title", "children"),
        Output("tour-text", "children"),
        Output("tour-next", "children"),
        Output("tour", "data"),
        Input("tour-open", "n_clicks"),
        Input("tour-next", "n_clicks"),
        Input("tour-skip", "n_clicks"),
        State("tour", "data"),
        State("tour-steps", "data"),
        prevent_initial_call=False,
    )


def _tour() -> Any:
    steps = [list(step) for step in TOUR]
    return html.Aside(
        [
            dcc.Store(id="tour-steps", data=steps),
            html.H2(id="tour-title"),
            html.P(id="tour-text"),
            _row(
                html.Button("Next", id="tour-next"),
                html.Button("Skip the tour", id="tour-skip", className="plain"),
            ),
        ],
        id="tour-box",
        hidden=True,
        **_named("Tour"),
    )


def _section(
    identity: str, heading: str, *parts: Any, named: str = "", **more: Any
) -> Any:
    """Return a part of the page, called by its heading unless it is named."""
    more |= _named(named or heading)
    return html.Section([html.H2(heading), *parts], id=identity, **more)


def _row(*parts: Any) -> Any:
    return html.Div([*parts], className="row")


def _graph(identity: str, height: int | None, **more: Any) -> Any:
    """Return the place of a picture, so many pixels high; None is as it says itself."""
    style = {} if height is None else {"height": f"{height}px"}
    return dcc.Graph(id=identity, config=PLOT, style=style, **more)


def _labelled(label: str, component: Any) -> Any:
    identity = component.id
    return html.Div(
        [html.Label(label, htmlFor=identity), component], className="labelled"
    )


def _file_name(file: str) -> str:
    """Return a scenario's id, and of a file of one's own the folder before it."""
    path = PurePath(file)
    return file if path.suffix == "" else f"{path.parent.name}/{path.name}"


def _named(label: str) -> dict[str, Any]:
    """Return what tells a reader of screens how a part is called."""
    return {"aria-label": label}


def _unseen(label: str, component: Any) -> Any:
    """Give a component a label that only a reader of screens is told."""
    return html.Label([html.Span(label, className="unseen"), component])


def _options(names: dict[str, str]) -> list[dict[str, str]]:
    return [{"label": label, "value": name} for name, label in names.items()]


def _data(view: View) -> dict[str, Any]:
    """Return a view as JSON holds it."""
    return {
        "scenario": view.scenario,
        "outcome": view.outcome,
        "changes": dict(view.changes),
        "ranges": {path: [*ends] for path, ends in view.ranges.items()},
        "moves": [dict(move) for move in view.moves],
        "root_seed": view.root_seed,
        "replications": view.replications,
    }


def _with(view: View, **new: Any) -> View:
    from dataclasses import replace

    return replace(view, **new)


def _place(lever: Lever, value: float) -> int:
    """Return the place of a slider that is nearest to a value."""
    return round(PLACES * lever.share(value))


def _value(lever: Lever, place: Any) -> float:
    """Return the value at a slider's place."""
    return lever.at(int(place) / PLACES)


def _example(lever: Lever) -> str:
    """Return what may be typed for a number."""
    unit = lever.factor.unit
    return {"day": "2 days", "1/day": "2/week"}.get(unit, "")


def _past_text(scenario: Scenario) -> str:
    """Say until when the past is put in; empty where all is simulated."""
    if not scenario.since:
        return ""
    day = scenario.day_of(scenario.since)
    return (
        f"Until {day} the recorded past is put in; worlds differ, and are counted, "
        "from that day on. "
    )


def _shown(lever: Lever, view: View) -> str:
    """Say where a lever stands."""
    path = lever.path
    stands = lever.text(lever.value)
    if path in view.ranges:
        low, high = view.ranges[path]
        return f"{lever.text(low)} to {lever.text(high)} (stands at {stands})"
    if path in view.changes:
        value, low, high = view.changes[path], lever.factor.low, lever.factor.high
        text = f"{lever.text(value)} (stands at {stands})"
        if not low <= value <= high:
            text += (
                f", outside the range that its sources allow, {lever.text(low)} to "
                f"{lever.text(high)}"
            )
        return text
    return stands


def fault_of(session: Session, view: View, path: str) -> str:
    """Say in the words of ``escalade check`` what is wrong with a lever's value."""
    try:
        session.scenario_of(view)
    except ScenarioError as error:
        mine = [f.message for f in error.faults if f.where.startswith(path)]
        return "; ".join(mine or [f.message for f in error.faults])
    except SimError as error:
        return str(error)
    return ""


def _faults(error: SimError) -> str:
    if isinstance(error, ScenarioError):
        return "; ".join(fault.message for fault in error.faults)
    return str(error)


def _brief(answer: Answer) -> str:
    """Return the difference in one line, which a phone shows while a slider moves."""
    if not answer.view.is_changed:
        return ""
    estimate = answer.difference
    return (
        f"{answer.outcome.label} "
        f"{figure(estimate.value, estimate.half_width, signed=True)} "
        f"({interval_text(estimate.low, estimate.high, signed=True)})"
    )


def _shares(answer: Answer) -> Any:
    """Return the shares of worlds that go up, stay, and go down, as a bar."""
    if not answer.view.is_changed:
        return html.P("Nothing is changed.", className="quiet")
    row = answer.comparison
    parts = (
        ("down", "▼ lower", row.share_less),
        ("same", "= the same", row.share_same),
        ("up", "▲ higher", row.share_more),
    )
    return html.Div(
        [
            html.Div(
                [
                    html.Div(className=name, style={"flexGrow": max(share, 0.0)})
                    for name, _, share in parts
                ],
                className="bar",
                **UNSEEN,
            ),
            _row(
                *(
                    html.Span(f"{label} in {100 * share:.1f} % of worlds")
                    for _, label, share in parts
                )
            ),
        ]
    )


def _story_block(story: Story) -> Any:
    without = [html.Li(line) for line in story.without]
    return html.Article(
        [
            html.H3(story.title),
            html.H4("What led to it"),
            html.Ul([html.Li(line) for line in story.lines]),
            html.P(story.ending),
            html.H4("Without it"),
            html.P(story.summary),
            html.Ul(without) if without else html.P("Nothing else would differ."),
        ]
    )


def _move_list(session: Session, view: View) -> list[Any]:
    labels = {actor.name: actor.label for actor in session.scenario.actors}
    acts = {name_of(row.act): row.label for row in ACTS}
    items: list[Any] = []
    for move in view.moves:
        incident = move["incident"]
        text = f"{move['date']}: {labels[incident['actor']]}, {acts[incident['act']]}"
        if "target" in incident:
            text += f", towards {labels[incident['target']]}"
        items.append(
            html.Li(
                [
                    f"{text} ",
                    html.Button(
                        "take it back",
                        id={"part": "unmove", "id": move["id"]},
                        className="plain",
                    ),
                ]
            )
        )
    return items


def _ranking(session: Session, state: dict[str, Any]) -> Any:
    rows = [row for row in state["rows"] if row[1] is not None]
    rows.sort(key=lambda row: -abs(row[1]))
    label = session.outcomes[state["outcome"]].label
    body: list[Any] = []
    for path, value, low, high in rows[:MOST_RANKED]:
        lever = session.by_path[path]
        interval, half, is_sure = "–", 0.0, False
        if low is not None and high is not None:
            interval = interval_text(low, high, signed=True)
            half, is_sure = (high - low) / 2.0, low > 0.0 or high < 0.0
        body.append(
            html.Tr(
                [
                    html.Td(
                        [
                            html.Strong(lever.owner),
                            f" {lever.label} ",
                            html.Button(
                                "move it",
                                id={"part": "goto", "path": path},
                                className="plain",
                            ),
                        ]
                    ),
                    html.Td(
                        f"{lever.text(lever.factor.low)} to "
                        f"{lever.text(lever.factor.high)}"
                    ),
                    html.Td(figure(value, half, signed=True), className="figure"),
                    html.Td(interval, className="figure"),
                    html.Td("" if is_sure else "not told from chance"),
                ]
            )
        )
    heads = ("Number", "its range", f"change of {label}", "95 % interval", "")
    return [
        html.Progress(value=str(state["at"]), max=str(state["of"])),
        html.Span(f" {state['at']} of {state['of']} numbers"),
        html.Div(
            html.Table(
                [
                    html.Thead(html.Tr([html.Th(head) for head in heads])),
                    html.Tbody(body),
                ]
            ),
            className="scrolls",
        ),
        html.Details(
            [
                html.Summary(f"All {len(rows)}, to be copied into a spreadsheet"),
                html.Pre(
                    "\n".join(
                        [
                            "path,difference,low,high",
                            *(
                                ",".join("" if x is None else str(x) for x in row)
                                for row in rows
                            ),
                        ]
                    ),
                    tabIndex=0,
                ),
            ]
        ),
    ]

"""环评类别符合名录。

按《建设项目环境影响评价分类管理名录》，由项目类别和规模判断应当编制环境影响报告书、报告表，还是填报登记表，
写出判断的数和名录的原话，并与申报的类别比较。

名录的参数在 preapproval/calculators/eia.yaml，只收了一部分项目类别，并且还没有对照原文确认：
没有确认的一律“无法判定”，由工作人员核对。规则里写 checked: true，就是由本部门对照原文确认了这一行。

参数
  project  项目类别：livestock（畜禽养殖）、slaughter（屠宰）、convenience_food（方便食品）、furniture（家具）、
           printing（印刷）、solar_power（光伏）、sewage（污水处理）、real_estate（房地产）、laboratory（实验室）、hospital（医院）、
           fuel_station（加油站）、vehicle_repair（汽修）、power_line（输变电）
  given    规模的数在哪里，例如 {beds: declared.beds}；每一类要哪些数，见参数文件的 asks
  claimed  申报的类别在哪里，例如 declared.eia；不写就只判断、不比较
  checked  名录的这一行已经由本部门对照原文确认

结果
  通过      与申报的类别相符；没有写 claimed 的，算出了类别
  不通过    与申报的类别不相符
  无法判定  缺少决定类别的数；名录的这一行没有确认；看不出申报的是哪一类
  不适用    数写在材料上而没有提交这份材料

可用的占位词：{category}（应当是哪一类）、{claimed}（申报的是哪一类）、{formula}（判断的经过）、{basis}（依据）
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator

from preapproval.calculators.eia import Directory, Screened, directory_on, load_directories, screen
from preapproval.case import Value
from preapproval.facts import Absent, Facts, Known
from preapproval.folding import squeezed
from preapproval.rules.figures import typed_figure
from preapproval.rules.parameters import Path, TextPath
from preapproval.rules.result import CheckResult, passed, undetermined
from preapproval.rules.sought import gather, look, proof, ruled
from preapproval.rules.template import template
from preapproval.rules.wording import listed, say


class Parameters(Value):
    project: str
    given: Annotated[dict[str, Path], Field(min_length=1)]
    claimed: TextPath | None = None
    checked: bool = False

    @model_validator(mode="after")
    def _known(self) -> Self:
        for directory in load_directories():
            if self.project not in directory.rows:
                raise ValueError(f"project: {', '.join(directory.rows)}")
            if unknown := set(self.given) - set(directory.rows[self.project].asks):
                raise ValueError(f"given: {', '.join(sorted(unknown))}")
        return self


def run(facts: Facts, given: Parameters) -> CheckResult:
    directory = directory_on(load_directories(), facts.today)
    if directory is None or given.project not in directory.rows:
        return undetermined(say("eia_category.no_rows", day=facts.today))
    every = gather(facts, *given.given.values(), *((given.claimed,) if given.claimed else ()))
    if isinstance(every, CheckResult) and every.outcome == "not_applicable":
        return every
    found = {name: look(facts, path) for name, path in given.given.items()}
    known = [one for one in found.values() if isinstance(one, Known)]
    screened = screen(directory, given.project, _values(found))
    if screened.category is None:
        return undetermined(say("eia_category.unknown", missing=listed(screened.missing)), proof(*known))
    return _judge(facts, given, directory, screened, known)


def _values(found: dict[str, Known | Absent]) -> dict[str, Decimal | bool]:
    values: dict[str, Decimal | bool] = {}
    for name, one in found.items():
        value = one.value if isinstance(one, Known) else None
        figure = value if isinstance(value, bool) else typed_figure(value)
        if isinstance(figure, bool) or (figure is not None and figure >= 0):
            values[name] = figure
    return values


def _judge(
    facts: Facts, given: Parameters, directory: Directory, screened: Screened, known: list[Known]
) -> CheckResult:  # fmt: skip
    category = directory.categories[screened.category or "none"]
    values = {"category": category, "claimed": "", "formula": screened.formula, "basis": screened.basis}
    if not (screened.confirmed or given.checked):
        return undetermined(say("eia_category.unconfirmed", **values), proof(*known), **values)
    if given.claimed is None:
        return passed(say("eia_category.screened", **values), proof(*known))
    claimed = gather(facts, given.claimed)
    if isinstance(claimed, CheckResult):
        return claimed
    values["claimed"] = str(claimed[0].value)
    named = [name for name in directory.categories.values() if squeezed(name)[:3] in squeezed(values["claimed"])]
    if len(named) != 1:
        return undetermined(say("eia_category.claimed", **values), proof(*known, *claimed), **values)
    right = named[0] == category
    detail = say(f"eia_category.{'match' if right else 'differs'}", **values)
    return ruled(right, detail, *known, *claimed, **values)


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("category", "claimed", "formula", "basis"))

"""绿地面积达到要求。

按《城市绿化条例》和本地规定计算建设项目的绿地面积、绿地率、差多少和要补偿多少，列出算式。
  折算绿地面积 = 各类绿地面积 × 折算系数，相加；要求的面积 = 用地面积 × 绿地率；补偿 = 差的面积 × 每平方米补偿标准

绿地率、折算系数、补偿标准都是有生效日期的参数（preapproval/calculators/greening.yaml），系统自带的还没有由本地确认。
没有确认的参数算出来的结果一律“无法判定”，由工作人员核对。在规则里写明 ratio，就是由本部门确认了绿地率。

参数
  site      用地面积，例如 declared.site_area
  areas     各类绿地面积在哪里：ground（地面绿地）、roof（屋顶绿化）、vertical（垂直绿化）、parking（植草停车位）、
            water（景观水面），例如 {ground: declared.green_area}
  project   项目类别：residential（新建居住区）、main_road、secondary_road、industry、polluting_industry、institution
  ratio     要求的绿地率，0 到 1；project 和 ratio 写一个
  rate      每平方米补偿多少元，不写就用参数里的
  old_town  是不是旧城改建（旧城改建可以低一些），例如 declared.old_town；只和 project 一起用

结果
  通过      不低于要求
  不通过    低于要求
  无法判定  参数没有确认；有一类绿地没有折算系数；面积没有填写、不是数或者不合理
  不适用    面积写在材料上而没有提交这份材料

可用的占位词：{counted}（折算绿地面积）、{required}（要求的面积）、{shortfall}（差多少）、{amount}（补偿金额，不知道标准时是空的）、
{formula}（算式）
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator

from preapproval.calculators.greening import (
    GreenAccount,
    GreenRates,
    NoCoefficient,
    green_account,
    load_green_rates,
    rates_on,
)  # fmt: skip
from preapproval.calculators.reckoned import figure
from preapproval.case import Value
from preapproval.facts import Facts, Known
from preapproval.rules.figures import gather_figures
from preapproval.rules.parameters import BooleanPath, Figure, NumberPath
from preapproval.rules.result import CheckResult, undetermined
from preapproval.rules.sought import gather, proof, ruled
from preapproval.rules.template import template
from preapproval.rules.wording import say


class Parameters(Value):
    site: NumberPath
    areas: Annotated[dict[str, NumberPath], Field(min_length=1)]
    project: str | None = None
    ratio: Annotated[Figure, Field(ge=0, le=1)] | None = None
    rate: Annotated[Figure, Field(ge=0)] | None = None
    old_town: BooleanPath | None = None

    @model_validator(mode="after")
    def _known(self) -> Self:
        if (self.project is None) == (self.ratio is None):
            raise ValueError("project or ratio")
        for rates in load_green_rates():
            if unknown := set(self.areas) - set(rates.green):
                raise ValueError(f"areas: {', '.join(sorted(unknown))}")
            if self.project is not None and self.project not in rates.projects:
                raise ValueError(f"project: {self.project}")
        return self


def run(facts: Facts, given: Parameters) -> CheckResult:
    rates = rates_on(load_green_rates(), facts.today)
    if rates is None:
        return undetermined(say("green_area.not_yet", day=facts.today))
    found = gather_figures(facts, given.site, *given.areas.values())
    old_town = gather(facts, given.old_town) if given.old_town else ()
    if isinstance(found, CheckResult) or isinstance(old_town, CheckResult):
        return found if isinstance(found, CheckResult) else old_town  # type: ignore[return-value]
    known = [one for _, one in found]
    site, areas = found[0][0], dict(zip(given.areas, (value for value, _ in found[1:]), strict=True))
    if site <= 0 or any(area < 0 for area in areas.values()) or areas.get("ground", Decimal(0)) > site:
        return undetermined(say("green_area.impossible"), proof(*known))
    ratio = given.ratio if given.ratio is not None else _ratio(rates, given.project or "", old_town)
    rate = given.rate if given.rate is not None else rates.compensation
    try:
        account = green_account(site, areas, rates, ratio, rate)
    except NoCoefficient as kind:
        return undetermined(say("green_area.no_coefficient", kind=kind), proof(*known))
    return _judge(given, rates, account, known)


def _ratio(rates: GreenRates, project: str, old_town: tuple[Known, ...]) -> Decimal:
    ratio = rates.projects[project].ratio
    old = any(one.value is True for one in old_town)
    return max(ratio - rates.old_town_less, Decimal(0)) if old else ratio


def _judge(given: Parameters, rates: GreenRates, account: GreenAccount, known: list[Known]) -> CheckResult:
    amount = "" if account.compensation is None else figure(account.compensation)
    values = {
        "counted": figure(account.counted), "required": figure(account.required),
        "shortfall": figure(account.shortfall), "amount": amount, "formula": account.formula,
    }  # fmt: skip
    by_hall = given.ratio is not None and set(given.areas) == {"ground"}
    if not (rates.confirmed or by_hall):
        return undetermined(say("green_area.unconfirmed", parameters=rates.basis, **values), proof(*known), **values)
    key = "short" if account.shortfall else "enough"
    return ruled(not account.shortfall, say(f"green_area.{key}", **values), *known, **values)


TEMPLATE = template(
    __name__, __doc__, Parameters, run, fills=("counted", "required", "shortfall", "amount", "formula")
)  # fmt: skip

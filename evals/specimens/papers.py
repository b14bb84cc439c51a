"""What the papers of an invented world say: the values of each kind, normalised as kinds.yaml has them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from evals.specimens.people import Person, words
from evals.specimens.story import Story
from evals.specimens.written import FOREVER

POLICE = "常州市公安局新北分局"


def values_of(kind: str, of: Story) -> dict[str, str]:
    """What a paper of this kind says in this world. Raises KeyError for a kind that is not known."""
    return VALUES[kind](of)


def id_card(one: Person, of: Story) -> dict[str, str]:
    """Valid ten years below 26, twenty below 46, then for ever: 居民身份证法 §5."""
    rng = of.rng(f"id-{one.number}")
    age = one.age(of.today)
    years = 5 if age < 16 else 10 if age < 26 else 20
    begun = of.today - timedelta(days=rng.randint(300, 365 * min(years, 6) - 200))
    until = FOREVER if age - (of.today - begun).days // 365 >= 46 else _later(begun, years).isoformat()
    return {
        "name": one.name,
        "sex": one.sex,
        "ethnicity": one.ethnicity,
        "birth": one.birth.isoformat(),
        "address": one.address,
        "number": one.number,
        "authority": POLICE,
        "valid_from": begun.isoformat(),
        "valid_until": until,
    }


def _later(day: date, years: int) -> date:
    return day.replace(year=day.year + years, day=min(day.day, 28))


def _household_register(of: Story) -> dict[str, str]:
    head = of.applicant
    return {
        "household_number": f"3204{of.rng('household').randint(10**6, 10**7 - 1)}",
        "head": head.name,
        "address": head.address,
        "household_type": "家庭户",
        **member(head, "户主", of),
    }


def member(one: Person, relation: str, of: Story) -> dict[str, str]:
    """What a member's page of the household register says."""
    return {
        "member_name": one.name,
        "relation": relation,
        "number": one.number,
        "birth": one.birth.isoformat(),
        "sex": one.sex,
        "ethnicity": one.ethnicity,
        "origin": words()["elsewhere"][of.rng(one.number).randrange(5)],
    }


def _residence_permit(of: Story) -> dict[str, str]:
    one, rng = of.applicant, of.rng("permit")
    return {
        "name": one.name,
        "sex": one.sex,
        "ethnicity": one.ethnicity,
        "birth": one.birth.isoformat(),
        "home": f"{words()['elsewhere'][rng.randrange(5)]}",
        "number": one.number,
        "address": one.address,
        "authority": POLICE,
        "issued_on": of.days(-rng.randint(30, 300)),
        "valid_until": of.days(rng.randint(40, 330)),
    }


def _business_licence(of: Story) -> dict[str, str]:
    one = of.company
    return {
        "credit_code": one.credit_code,
        "name": one.name,
        "type": one.type,
        "operator": one.operator,
        "address": one.address,
        "scope": f"{one.scope}（依法须经批准的项目，经相关部门批准后方可开展经营活动）",
        "registered_on": one.registered_on.isoformat(),
        "issued_on": (one.registered_on + timedelta(days=2)).isoformat(),
        "capital": one.capital,
    }


def _property_certificate(of: Story) -> dict[str, str]:
    rng, owner = of.rng("property"), of.applicant
    return {
        "number": f"苏（{rng.randint(2016, 2025)}）常州市不动产权第{rng.randint(1000000, 9999999)}号",
        "owner": owner.name,
        "owner.2": of.spouse.name,
        "ownership": "共同共有",
        "address": owner.address,
        "unit_number": f"320499{_digits(rng, 6)}GB{_digits(rng, 5)}F{_digits(rng, 8)}",
        "right_type": "国有建设用地使用权/房屋所有权",
        "right_nature": "出让/市场化商品房",
        "use": "城镇住宅用地/成套住宅",
        "area": f"{rng.randint(60, 160)}.{rng.randint(10, 99)}",
        "term_end": f"{rng.randint(2070, 2088)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
        "issued_on": of.days(-rng.randint(100, 2000)),
    }


def _digits(rng: Random, many: int) -> str:
    return str(rng.randint(10 ** (many - 1), 10**many - 1))


def _lease(of: Story) -> dict[str, str]:
    rng = of.rng("lease")
    begun = of.today - timedelta(days=rng.randint(190, 300))
    end = _later(begun, 2) - timedelta(days=1)
    return {
        "landlord": of.landlord.name,
        "landlord_number": of.landlord.number,
        "landlord_phone": of.landlord.phone,
        "tenant": of.applicant.name,
        "tenant_number": of.applicant.number,
        "tenant_phone": of.applicant.phone,
        "address": of.applicant.address,
        "area": f"{rng.randint(38, 120)}.{rng.randint(10, 99)}",
        "start": begun.isoformat(),
        "end": end.isoformat(),
        "rent": str(rng.randint(12, 48) * 100),
        "deposit": str(rng.randint(12, 48) * 100),
        "signed_on": (begun - timedelta(days=3)).isoformat(),
    }


def _marriage(of: Story, kind: str) -> dict[str, str]:
    rng = of.rng(kind)
    year = rng.randint(2008, 2024)
    day = date(year, rng.randint(1, 12), rng.randint(1, 28))
    return {
        "number": f"{'J' if kind == 'marriage' else 'L'}{320499}-{year}-{rng.randint(0, 9999):06}",
        "holder": of.applicant.name,
        "name": of.applicant.name,
        "id_number": of.applicant.number,
        "sex": of.applicant.sex,
        "birth": of.applicant.birth.isoformat(),
        "name.2": of.spouse.name,
        "id_number.2": of.spouse.number,
        "sex.2": of.spouse.sex,
        "birth.2": of.spouse.birth.isoformat(),
        "registered_on": day.isoformat(),
    }


def _birth_certificate(of: Story) -> dict[str, str]:
    rng, child = of.rng("birth"), of.child
    mother, father = (of.applicant, of.spouse) if of.applicant.sex == "女" else (of.spouse, of.applicant)
    return {
        "number": f"{rng.choice('UVW')}{rng.randint(320000000, 320999999)}",
        "child_name": child.name,
        "sex": child.sex,
        "born_on": child.birth.isoformat(),
        "weeks": str(rng.randint(37, 41)),
        "weight": str(rng.randint(52, 82) * 50),
        "length": str(rng.randint(47, 53)),
        "mother": mother.name,
        "mother_age": str(mother.age(child.birth)),
        "mother_number": mother.number,
        "father": father.name,
        "father_age": str(father.age(child.birth)),
        "father_number": father.number,
        "home": mother.address,
        "hospital": "常州云湖妇幼保健院",
        "issued_on": (child.birth + timedelta(days=4)).isoformat(),
    }


def _driving_licence(of: Story) -> dict[str, str]:
    rng, one = of.rng("driving"), of.applicant
    begun = of.today - timedelta(days=rng.randint(400, 1500))
    return {
        "number": one.number,
        "name": one.name,
        "sex": one.sex,
        "nationality": "中国",
        "address": one.address,
        "birth": one.birth.isoformat(),
        "issued_on": begun.isoformat(),
        "class": rng.choice(("C1", "C2", "B2")),
        "valid_from": begun.isoformat(),
        "valid_until": _later(begun, 6).isoformat(),
        "file_number": f"3204{rng.randint(10**7, 10**8 - 1)}",
    }


def _vehicle_licence(of: Story) -> dict[str, str]:
    rng, one = of.rng("vehicle"), of.applicant
    signs = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
    begun = of.today - timedelta(days=rng.randint(400, 2500))
    return {
        "plate": f"苏D{rng.choice('ABEHKMP')}{rng.randint(0, 9999):04}",
        "vehicle": "小型轿车",
        "owner": one.name,
        "address": one.address,
        "use": "非营运",
        "model": f"云驰牌YC{rng.randint(6400, 7299)}{rng.choice('ABX')}",
        "vin": "L" + "".join(rng.choice(signs) for _ in range(16)),
        "engine_number": "".join(rng.choice(signs) for _ in range(8)),
        "registered_on": begun.isoformat(),
        "issued_on": (begun + timedelta(days=1)).isoformat(),
        "file_number": f"3204{rng.randint(10**7, 10**8 - 1)}",
        "inspected_until": _later(begun, 6).isoformat(),
    }


def _social_security_card(of: Story) -> dict[str, str]:
    rng, one = of.rng("social"), of.applicant
    return {
        "name": one.name,
        "number": one.number,
        "card_number": f"{rng.choice('ABCD')}{rng.randint(10**7, 10**8 - 1)}",
        "bank_card": one.bank_card,
        "bank": one.bank,
        "issued_on": of.days(-rng.randint(200, 2500)),
    }


def _disability_certificate(of: Story) -> dict[str, str]:
    """The number is the identity number, one digit for the category and one for the level: 残疾人证管理办法.

    Of the two levels of which nursing is subsidised.
    """
    rng, one = of.rng("disability"), of.applicant
    category, level = rng.randint(1, 6), rng.randint(1, 2)
    begun = of.today - timedelta(days=rng.randint(200, 2500))
    return {
        "name": one.name,
        "sex": one.sex,
        "ethnicity": one.ethnicity,
        "birth": one.birth.isoformat(),
        "number": f"{one.number}{category}{level}",
        "category": ("视力", "听力", "言语", "肢体", "智力", "精神")[category - 1],
        "level": ("一级", "二级")[level - 1],
        "address": one.address,
        "guardian": of.spouse.name,
        "guardian_phone": of.spouse.phone,
        "issued_on": begun.isoformat(),
        "valid_until": _later(begun, 10).isoformat(),
    }


def _bank_card(of: Story) -> dict[str, str]:
    one = of.applicant
    return {"number": one.bank_card, "bank": one.bank}


def _diploma(of: Story) -> dict[str, str]:
    rng, one = of.rng("diploma"), of.applicant
    year = one.birth.year + rng.randint(22, 24)
    return {
        "number": f"{rng.randint(10000, 19999)}1{year}05{rng.randint(0, 999999):06}",
        "name": one.name,
        "sex": one.sex,
        "born_on": one.birth.isoformat(),
        "begun": f"{year - 4}-09-01",
        "school": rng.choice(words()["schools"]),
        "major": rng.choice(words()["majors"]),
        "level": "本科",
        "graduated_on": f"{year}-06-{rng.randint(15, 30)}",
    }


def _labour_contract(of: Story) -> dict[str, str]:
    rng = of.rng("labour")
    begun = of.today - timedelta(days=rng.randint(200, 500))
    return {
        "employer": of.employer,
        "employer_code": of.employer_code,
        "employee": of.applicant.name,
        "employee_number": of.applicant.number,
        "employee_phone": of.applicant.phone,
        "home": of.applicant.address,
        "post": rng.choice(("装配工", "质量检验员", "会计", "仓库管理员", "销售专员")),
        "pay": str(rng.randint(45, 90) * 100),
        "start": begun.isoformat(),
        "end": (_later(begun, 3) - timedelta(days=1)).isoformat(),
        "signed_on": (begun - timedelta(days=2)).isoformat(),
    }


def _power_of_attorney(of: Story) -> dict[str, str]:
    return {
        "principal": of.applicant.name,
        "principal_number": of.applicant.number,
        "principal_phone": of.applicant.phone,
        "agent": of.agent.name,
        "agent_number": of.agent.number,
        "agent_phone": of.agent.phone,
        "matter": of.item,
        "signed_on": of.days(-2),
        "valid_until": of.days(60),
    }


def _application_form(of: Story) -> dict[str, str]:
    one = of.applicant
    return {
        "name": one.name,
        "sex": one.sex,
        "number": one.number,
        "phone": one.phone,
        "address": one.address,
        "item": of.item,
        "company": of.company.name,
        "signed_on": of.days(-1),
    }


def _food_layout(of: Story) -> dict[str, str]:
    return {"company": of.company.name, "address": of.company.address}


def _food_safety_rules(of: Story) -> dict[str, str]:
    return {"company": of.company.name, "signed_on": of.days(-12)}


def _invoice(of: Story) -> dict[str, str]:
    rng = of.rng("invoice")
    amount = rng.randint(12, 48) * 300
    net = round(amount / 1.05, 2)
    return {
        "number": f"26322000000{rng.randint(10**8, 10**9 - 1)}",
        "amount": f"{amount:.2f}",
        "net": f"{net:.2f}",
        "tax": f"{amount - net:.2f}",
        "issued_on": of.days(-rng.randint(3, 60)),
        "buyer": of.applicant.name,
        "buyer_number": of.applicant.number,
        "seller": of.employer,
        "seller_code": of.employer_code,
        "issuer": of.agent.name,
    }


def _licence(of: Story) -> dict[str, str]:
    rng, one = of.rng("licence"), of.company
    begun = of.today - timedelta(days=rng.randint(100, 900))
    return {
        "name": "食品经营许可证",
        "number": f"JY1320411{rng.randint(1000000, 9999999)}",
        "company": one.name,
        "credit_code": one.credit_code,
        "operator": one.operator,
        "address": one.address,
        "scope": "预包装食品销售，散装食品销售",
        "form": "食品销售经营者（便利店）",
        "issued_on": begun.isoformat(),
        "valid_until": (_later(begun, 5) - timedelta(days=1)).isoformat(),
    }


VALUES: dict[str, Callable[[Story], dict[str, str]]] = {
    "id-card": lambda of: id_card(of.applicant, of),
    "household-register": _household_register,
    "residence-permit": _residence_permit,
    "business-licence": _business_licence,
    "property-certificate": _property_certificate,
    "lease": _lease,
    "marriage-certificate": lambda of: _marriage(of, "marriage"),
    "divorce-certificate": lambda of: _marriage(of, "divorce"),
    "birth-certificate": _birth_certificate,
    "driving-licence": _driving_licence,
    "vehicle-licence": _vehicle_licence,
    "social-security-card": _social_security_card,
    "disability-certificate": _disability_certificate,
    "bank-card": _bank_card,
    "diploma": _diploma,
    "labour-contract": _labour_contract,
    "power-of-attorney": _power_of_attorney,
    "application-form": _application_form,
    "food-layout": _food_layout,
    "food-safety-rules": _food_safety_rules,
    "photo": lambda _: {},
    "invoice": _invoice,
    "licence": _licence,
}
"""Kind -> its values."""

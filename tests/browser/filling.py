"""Filling in a form as a person does: choosing, typing, adding items; nothing is written behind its back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Locator, Page, expect


class Filler:
    """The form on a page. `skipped` names the fields that the form did not ask for, given the other answers."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.form = page.locator("form[data-filing]")
        self.skipped: list[str] = []
        expect(self.form).to_be_visible()
        expect(page.locator("[data-whose=org] option").nth(1)).to_be_attached()

    def choose(self, org: str) -> None:
        self.page.locator("[data-whose=org]").select_option(org)

    def fill(self, data: Mapping[str, Any]) -> None:
        """Fill every field; what depends on another answer is filled once that has been given."""
        for fold in self.form.locator("details").all():
            fold.evaluate("fold => { fold.open = true; }")
        left = dict(data)
        while ready := [name for name in left if self.field(self.form, name, 0).is_visible()]:
            for name in ready:
                self.put(self.field(self.form, name, 0), left.pop(name), 0)
        self.skipped = list(left)

    def field(self, scope: Locator, name: str, depth: int) -> Locator:
        return scope.locator(f'xpath=.//*[@data-field="{name}"][count(ancestor::*[@data-field]) = {depth}]')

    def put(self, field: Locator, value: Any, depth: int) -> None:
        match field.get_attribute("data-control"):
            case "group" | "sealed":
                for name, inner in value.items():
                    self.put(self.field(field, name, depth + 1), inner, depth + 1)
            case "list":
                items = self.field(field, "*", depth + 1)
                while items.count() < len(value):
                    field.locator("[data-add]").first.click()
                for index, inner in enumerate(value):
                    self.put(items.nth(index), inner, depth + 1)
            case "checks":
                for box in field.locator("input").all():
                    box.set_checked(box.get_attribute("value") in value)
            case "choice":
                field.locator("select").select_option(value)
            case "yes_no":
                field.locator("select").select_option(str(value).lower())
            case "pick":
                self.pick(field, str(value))
            case _:
                field.locator("input, textarea").first.fill(str(value))

    def pick(self, field: Locator, value: str) -> None:
        select = field.locator("select")
        if value in select.locator("option").evaluate_all("options => options.map(o => o.value)"):
            select.select_option(value)
            return
        if select.is_visible():
            select.select_option("*")
        field.locator("[data-typed]").fill(value)

    def name(self, name: str) -> None:
        self.put(self.field(self.form, "$name", 0), name, 0)

    def finish(self) -> tuple[str, str]:
        """Press the button; gives where the file goes and what is in it."""
        self.form.locator("button[type=submit]").click()
        result = self.page.locator("[data-result]")
        wrong = self.page.locator("[data-summary]")
        expect(result.or_(wrong).filter(visible=True)).to_be_visible()
        assert not wrong.is_visible(), wrong.inner_text()
        return result.locator("[data-path]").inner_text(), result.locator("[data-yaml]").text_content() or ""

    def wrongs(self) -> list[str]:
        """Press the button; gives what is said at the fields."""
        self.form.locator("button[type=submit]").click()
        expect(self.page.locator("[data-summary]")).to_be_visible()
        return [said.inner_text() for said in self.form.locator("[data-wrong]").filter(visible=True).all()]

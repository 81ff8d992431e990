"""The demo's accounts: invented people with known passwords, only while the demo is on."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class DemoAccount:
    role: object
    name: str
    email: str
    password: str
    organisation_name: str
    language: str = "en"


PASSWORD = "demo-Mekong-2026"

DEMO_ACCOUNTS = (
    DemoAccount(_("Programme officer"), "Odile Marchetti", "officer@demo.example", PASSWORD, "Lantern Fund"),
    DemoAccount(_("Chair"), "Clara Okello", "chair@demo.example", PASSWORD, "Lantern Fund"),
    DemoAccount(_("Reviewer"), "Rana Devkota", "reviewer1@demo.example", PASSWORD, "Independent"),
    DemoAccount(_("Reviewer"), "Tomas Lindqvist", "reviewer2@demo.example", PASSWORD, "Northlight Institute"),
    DemoAccount(_("Reviewer"), "Claire Nsimba", "reviewer3@demo.example", PASSWORD, "Independent", "fr"),
    DemoAccount(_("Administrator"), "Aldo Ferreira", "admin@demo.example", PASSWORD, "Lantern Fund"),
    DemoAccount(_("Auditor"), "Ingrid Sato", "auditor@demo.example", PASSWORD, "Audit office"),
)

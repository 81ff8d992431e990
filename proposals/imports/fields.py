"""Our fields, and the column titles by which known layouts and common usage name them.

A mapping is a dict of our field to the title of their column; `notes` has a list of titles.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proposals.countries import fold

NOTES = "notes"


@dataclass(frozen=True)
class Field:
    """One of our fields. `titles` are folded column titles that mean it, the surest first."""

    name: str
    label: object
    titles: tuple[str, ...]
    group: object


def _field(name, label, group, titles):
    return Field(name, label, tuple(dict.fromkeys(fold(title) for title in titles.split("|"))), group)


_WHAT = gettext_lazy("The proposal")
_WHO = gettext_lazy("Who")
_WHERE = gettext_lazy("Where and when")
_MONEY = gettext_lazy("Money")
_KIND = gettext_lazy("What kind")

FIELDS = {
    field.name: field
    for field in (
        _field(
            "title", gettext_lazy("Title"), _WHAT,
            "Title|project_title|Project title|Proposal title|Project name|Grant title|Project|Titre|Titre du projet"
            "|Intitulé|Intitulé du projet|Nom du projet",
        ),
        _field(
            "summary", gettext_lazy("Summary"), _WHAT,
            "Summary|Description|Abstract|Project summary|Project description|Executive summary|Résumé|Résumé du projet"
            "|Description du projet|Objectives|Objectifs",
        ),
        _field(
            "reference", gettext_lazy("Reference"), _WHAT,
            "Reference|Ref|Ref no|Reference number|Proposal reference|Proposal number|Our reference|Référence|Numéro",
        ),
        _field(
            "external_id", gettext_lazy("Identifier in the applicant's system"), _WHAT,
            "Identifier|External id|Grant identifier|Application id|Application number|Grant id|Project id|ID"
            "|Identifiant|Numéro de dossier|iati-identifier",
        ),
        _field(
            "language", gettext_lazy("Language of the proposal"), _WHAT, "Language|Langue|Language of the proposal",
        ),
        _field(
            "applicant", gettext_lazy("Applicant"), _WHO,
            "Recipient Org:Name|Applicant|recipient|Applicant name|Applicant organisation|Applicant organization"
            "|Organisation|Organization|Organisation name|Organization name|Lead applicant|Lead organisation|Grantee"
            "|Recipient Ind:Name|Demandeur|Candidat|Organisme|Porteur de projet|Nom de l'organisation|Bénéficiaire",
        ),
        _field(
            "applicant_identifier", gettext_lazy("Registered identifier of the applicant"), _WHO,
            "Recipient Org:Identifier|Applicant identifier|Registration number|Organisation identifier"
            "|Organization identifier|Numéro d'enregistrement|SIREN|SIRET",
        ),
        _field(
            "partners", gettext_lazy("Partners"), _WHO,
            "Partners|subrecipient|subgrantee|Sub-recipient|Subrecipients|Implementing partners|Partner organisations"
            "|Partner organizations|Partner|Co-applicants|Partenaires|Partenaire|Organisations partenaires",
        ),
        _field(
            "countries", gettext_lazy("Countries"), _WHERE,
            "Country|Countries|Beneficiary Location:Country Code|Country of implementation|Project country"
            "|Target countries|Pays|Pays d'intervention|Recipient Org:Country",
        ),
        _field(
            "areas", gettext_lazy("Areas (provinces, towns)"), _WHERE,
            "Areas|Area|Beneficiary Location:Name|Location|Locations|Province|Provinces|Target areas|Lieu|Lieux|Zone"
            "|Zones d'intervention",
        ),
        _field(
            "starts_on", gettext_lazy("Starts on"), _WHERE,
            "Planned Dates:Start Date|Start date|Starts on|Project start|Start|Date de début|Début",
        ),
        _field(
            "ends_on", gettext_lazy("Ends on"), _WHERE,
            "Planned Dates:End Date|End date|Ends on|Project end|End|Date de fin|Fin",
        ),
        _field(
            "amount", gettext_lazy("Amount asked for"), _MONEY,
            "Amount Applied For|Amount requested|Amount asked for|Requested amount|Amount|Amount Awarded|Grant amount"
            "|Budget|Total budget|Montant demandé|Montant|Montant sollicité",
        ),
        _field(
            "currency", gettext_lazy("Currency"), _MONEY, "Currency|Currency code|Devise|Monnaie",
        ),
        _field(
            "four_p", gettext_lazy("Area of work"), _KIND,
            "type_of_program|Four P|4P|4 P|Four Ps|Type of programme|Type of program|Pillar|Prevention protection"
            " prosecution|Axe",
        ),
        _field(
            "exploitation", gettext_lazy("Forms of exploitation"), _KIND,
            "Forms of exploitation|Form of exploitation|Exploitation|Type of trafficking|Formes d'exploitation"
            "|Forme d'exploitation",
        ),
        _field(
            "populations", gettext_lazy("Populations"), _KIND,
            "Populations|Population|Target group|Target groups|Target population|Beneficiaries|Groupe cible"
            "|Groupes cibles|Public cible",
        ),
    )
}  # fmt: skip


class InvalidMapping(ValueError):
    """The mapping does not fit the file; the message says why."""


def suggest_mapping(columns, kept=()):
    """(mapping, kept mapping or None) for these columns.

    A kept mapping all of whose columns are there comes first, the one that says most;
    otherwise titles of known layouts and their synonyms decide. Each column is used once.
    """
    fitting = [each for each in kept if each.mapping and set(mapped_columns(each.mapping)) <= set(columns)]
    if fitting:
        best = max(fitting, key=lambda each: (len(mapped_columns(each.mapping)), each.pk))
        return dict(best.mapping), best
    by_title = {fold(column): column for column in reversed(columns)}
    mapping, used = {}, set()
    for field in FIELDS.values():
        for title in field.titles:
            column = by_title.get(title)
            if column is not None and column not in used:
                mapping[field.name] = column
                used.add(column)
                break
    return mapping, None


def mapped_columns(mapping):
    """All column titles that a mapping names."""
    return [*(column for name, column in mapping.items() if name != NOTES), *mapping.get(NOTES, ())]


def check_mapping(mapping, columns):
    """Raise InvalidMapping where a field is not ours, a column is not there, or no title can be made."""
    for name in mapping:
        if name not in FIELDS and name != NOTES:
            known = ", ".join([*FIELDS, NOTES])
            raise InvalidMapping(
                _("“%(name)s” is none of our fields. They are: %(known)s.") % {"name": name, "known": known}
            )
    for column in mapped_columns(mapping):
        if column not in columns:
            known = ", ".join(columns)
            message = _("There is no column “%(column)s”. The file has: %(known)s.")
            raise InvalidMapping(message % {"column": column, "known": known})
    if "title" not in mapping and "summary" not in mapping:
        raise InvalidMapping(_("Say which column is the title of the proposal."))

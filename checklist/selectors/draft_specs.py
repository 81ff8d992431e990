"""The criteria of a draft as the scoring sees them, read anew each time."""

from checklist import fitting, scoring
from checklist.selectors.instruments import spec_of_criterion


def spec_of(version, key):
    """The spec of one criterion of the version."""
    criterion = version.criteria.prefetch_related("sub_questions").get(key=key)
    return spec_of_criterion(criterion, sorted(criterion.sub_questions.all(), key=lambda sub: (sub.position, sub.pk)))


def fits_result(version, result):
    """Whether all criteria of the version could be summed up as `result`."""
    kinds = version.criteria.values_list("kind", flat=True).distinct()
    return all(fitting.kind_fits(scoring.ANSWER_KINDS[kind], scoring.ResultKind(result)) for kind in kinds)

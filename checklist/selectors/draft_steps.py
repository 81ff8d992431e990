"""Reading a step of a draft."""


def both_sides(step):
    """(before, after) of a step, each as {path: value}; what changed beside its own place is among them."""
    return tuple(
        {step.path: side["value"], **side["also"]} if isinstance(side, dict) and "also" in side else {step.path: side}
        for side in (step.before, step.after)
    )

"""Assertions on what a chart's routes come to, for pytest. Copy this file next to your tests."""

from cdk8s_versioned_mesh import RouteDecision, Severity

# Without this, Python shows a decision as <cdk8s_versioned_mesh.RouteDecision object at 0x…>.
RouteDecision.__repr__ = RouteDecision.explain


def assert_reaches_version(decision, version):
    """Every pod that answers has this label `version`."""
    __tracebackhide__ = True
    _assert_equal(decision, "versions", {version: 100}, decision.versions)


def assert_responds_with(decision, status):
    """The mesh itself answers with this status."""
    __tracebackhide__ = True
    _assert_equal(decision, "status", status, decision.status)


def assert_no_findings(mesh, disable=()):
    """No check finds an error or a warning; `disable` names the checks to leave out."""
    __tracebackhide__ = True
    findings = [found for found in mesh.check(disable=list(disable)) if found.severity != Severity.INFO]
    assert not findings, f"Expected no findings, and there are {len(findings)}:\n\n" + "\n\n".join(map(_text, findings))


def _assert_equal(decision, what, expected, received):
    __tracebackhide__ = True
    assert received == expected, f"Expected {what}: {expected}\nReceived {what}: {received}\n\n{decision}"


def _text(finding):
    place = f"{finding.kind} {finding.namespace}/{finding.name} {finding.path}"
    return f"{finding.severity.name.lower()} {finding.check}  {place}\n  {finding.message}\n  help: {finding.help}"

"""The assertions of docs/snippets/mesh_testing.py fail where they should, and read as docs/python.md shows."""

import pathlib

import cdk8s
import pytest
from cdk8s_versioned_mesh import Mesh
from mesh_testing import assert_no_findings, assert_reaches_version, assert_responds_with
from two_versions import ApisChart

mesh = Mesh.from_chart(ApisChart(cdk8s.Testing.app(), "apis"))
decision = mesh.route(url="http://apis.example.com/", headers={"user-agent": "chrome"})


def test_another_version():
    with pytest.raises(AssertionError) as failure:
        assert_reaches_version(decision, "v2")
    shown = pathlib.Path("pytest-failure.txt").read_text(encoding="utf-8")
    assert f"AssertionError: {failure.value}\n" == shown


def test_another_status():
    with pytest.raises(AssertionError, match="Expected status: 404\nReceived status: None"):
        assert_responds_with(decision, 404)


def test_findings():
    unserved = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec: {hosts: [shop.example.com], gateways: [missing], http: [{route: [{destination: {host: shop}}]}]}
"""
    with pytest.raises(AssertionError, match="warning gateway-not-found  VirtualService shop/shop .*\n  .*\n  help: "):
        assert_no_findings(Mesh.from_yaml(unserved))


def test_a_decision_prints_as_its_explanation():
    assert str(decision) == repr(decision) == decision.explain()

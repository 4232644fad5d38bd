import cdk8s
from cdk8s_versioned_mesh import Mesh, RouteOutcome
from mesh_testing import assert_no_findings, assert_reaches_version, assert_responds_with
from two_versions import ApisChart

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"

mesh = Mesh.from_chart(ApisChart(cdk8s.Testing.app(), "apis"))
url = "http://apis.example.com/"


def test_chrome_gets_v2_everyone_else_v1():
    assert_reaches_version(mesh.route(url=url, headers={"user-agent": CHROME}), "v2")
    assert_reaches_version(mesh.route(url=url), "v1")


def test_nothing_but_this_host_is_served_and_nothing_but_port_80():
    assert_responds_with(mesh.route(url="http://other.example.com/"), 404)
    assert mesh.route(url="http://apis.example.com:8080/").outcome == RouteOutcome.NO_LISTENER


def test_no_rule_is_dead_and_no_name_is_wrong():
    assert_no_findings(mesh)

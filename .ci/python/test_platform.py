"""The platform of docs/snippets/istio_platform.py, as Flux is told of it, which takes neither Helm nor charts."""

import cdk8s
from cdk8s_versioned_mesh import IstioCharts, PlatformDelivery
from istio_platform import platform


def test_is_written():
    istio = platform(cdk8s.Testing.app(), IstioCharts.oci("1.31.0"), PlatformDelivery.flux())
    releases = [each for each in cdk8s.Testing.synth(istio) if each["kind"] == "HelmRelease"]
    values = {each["metadata"]["name"]: each["spec"]["values"] for each in releases}
    assert list(values) == ["istio-base", "istio-cni", "istiod", "istio-ingressgateway"]
    assert values["istiod"]["autoscaleMin"] == 2
    assert [port["port"] for port in values["istio-ingressgateway"]["service"]["ports"]] == [15021, 80, 443]
    assert istio.gateway.service_account == "istio-ingress/istio-ingressgateway"

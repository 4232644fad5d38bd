from cdk8s_versioned_mesh import ControlPlaneOptions, GatewayPodsOptions, GatewayPort, IstioPlatform


def platform(app, charts, delivery=None):
    return IstioPlatform(
        app,
        "istio",
        charts=charts,  # IstioCharts.oci("1.31.0")
        delivery=delivery,
        cni=True,
        istiod=ControlPlaneOptions(min_replicas=2),
        gateway=GatewayPodsOptions(ports=[GatewayPort(port=80), GatewayPort(port=443)]),
    )

from cdk8s_versioned_mesh import (
    GatewayOptions,
    GatewayTls,
    HeaderMatch,
    HeaderRoutedMesh,
    MethodMatch,
    PathMatch,
    RequestMatch,
    TrafficSource,
)


def routes(scope, shop, reviews):
    mesh = HeaderRoutedMesh(
        scope,
        "shop-routes",
        hosts=["shop.example.com"],
        service=shop,
        default_version=shop.version("v1"),
        traffic=TrafficSource.GATEWAY_AND_MESH,
        gateway_options=GatewayOptions(
            selector={"istio": "ingress"}, tls=GatewayTls(credential_name="shop-cert")
        ),
    )
    mesh.add_service(reviews, default_version=reviews.version("v1"))

    # Rules are tried from top to bottom. One header leads through both services, if the shop passes it on.
    beta = HeaderMatch.exact("x-version", "beta")
    mesh.route(shop.version("v2"), beta)
    mesh.route(reviews.version("v2"), beta)

    safari_on_mobile = RequestMatch.all_of(
        HeaderMatch.regex("user-agent", ".*iPhone.*Version/[0-9.]+.* Safari/.*"),
        HeaderMatch.absent("x-legacy"),
        PathMatch.under("/checkout"),
        MethodMatch.exact("GET"),
    )
    mesh.route(shop.version("v2"), safari_on_mobile, name="safari-on-mobile")
    mesh.route(shop.version("v2"), HeaderMatch.cookie("group", "b"))
    return mesh

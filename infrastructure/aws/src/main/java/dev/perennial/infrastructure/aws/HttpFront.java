package dev.perennial.infrastructure.aws;

import dev.perennial.topology.Trigger;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.aws_apigatewayv2_integrations.HttpLambdaIntegration;
import software.amazon.awscdk.services.apigatewayv2.AddRoutesOptions;
import software.amazon.awscdk.services.apigatewayv2.CfnStage;
import software.amazon.awscdk.services.apigatewayv2.CorsHttpMethod;
import software.amazon.awscdk.services.apigatewayv2.CorsPreflightOptions;
import software.amazon.awscdk.services.apigatewayv2.HttpApi;
import software.amazon.awscdk.services.apigatewayv2.HttpMethod;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;

/** The HTTP API: its routes, one integration per function, CORS, throttling and the access log. */
final class HttpFront {

  /** Requests per second and in one burst, over all routes; beyond them the caller gets 429. */
  private static final int RATE = 2_000;

  private static final int BURST = 4_000;

  /** No path and no query: they carry profile ids, addresses and signed tokens. */
  private static final List<String> LOGGED =
      List.of(
          "requestId",
          "requestTime",
          "routeKey",
          "status",
          "responseLength",
          "responseLatency",
          "integrationErrorMessage");

  private final HttpApi api;

  HttpFront(Stack stack, Settings settings) {
    api =
        HttpApi.Builder.create(stack, "Api")
            .apiName(settings.stackName())
            .createDefaultStage(false)
            .corsPreflight(
                CorsPreflightOptions.builder()
                    // Any site may carry the tracker: keys, not origins, decide who may write.
                    .allowOrigins(List.of("*"))
                    .allowMethods(List.of(CorsHttpMethod.ANY))
                    .allowHeaders(
                        List.of(
                            "authorization", "content-type", "content-encoding", "idempotency-key"))
                    .maxAge(Duration.days(1))
                    .build())
            .build();
    var log =
        LogGroup.Builder.create(stack, "ApiLog")
            // Names outside /aws/vendedlogs share a resource policy of 5,120 characters per
            // account.
            .logGroupName("/aws/vendedlogs/" + settings.named("api"))
            .retention(RetentionDays.ONE_MONTH)
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    CfnStage.Builder.create(stack, "ApiStage")
        .apiId(api.getApiId())
        .stageName("$default")
        .autoDeploy(true)
        .defaultRouteSettings(
            CfnStage.RouteSettingsProperty.builder()
                .throttlingRateLimit(RATE)
                .throttlingBurstLimit(BURST)
                .detailedMetricsEnabled(true)
                .build())
        .accessLogSettings(
            CfnStage.AccessLogSettingsProperty.builder()
                .destinationArn(log.getLogGroupArn())
                .format(
                    LOGGED.stream()
                        .map(name -> "\"%s\":\"$context.%s\"".formatted(name, name))
                        .collect(Collectors.joining(",", "{", "}")))
                .build())
        .build();
    CfnOutput.Builder.create(stack, "Url")
        .description("Where clients send events and marketers manage")
        .value(api.getApiEndpoint())
        .build();
  }

  /** Where it answers. */
  String url() {
    return api.getApiEndpoint();
  }

  /** Sends the routes to the function. */
  void route(String name, Stream<Trigger.Http> routes, Alias live) {
    var integration =
        HttpLambdaIntegration.Builder.create(name, live)
            // One permission for the API: a function's resource policy is too small for one per
            // route.
            .scopePermissionToRoute(false)
            .build();
    routes.forEach(
        route ->
            api.addRoutes(
                AddRoutesOptions.builder()
                    .path(route.path())
                    .methods(List.of(HttpMethod.valueOf(route.method())))
                    .integration(integration)
                    .build()));
  }
}

using System.Security.Cryptography;
using System.Text.Json;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Enrollment;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Deployments.Dispatch;
using VpsPilot.Functions.Nodes;
using VpsPilot.Functions.Projects;
using VpsPilot.Messaging;

namespace VpsPilot.Functions.Tests;

/// <summary>Nodes, projects and messages for tests.</summary>
internal static class TestData
{
    public static readonly NodeFacts Facts = new() { HostName = "web-1", System = "x86_64-linux", Processors = 2 };

    public static readonly string Commit = new('a', 40);

    public static CommandEnvelope Command(this OutgoingMessage message) =>
        JsonSerializer.Deserialize(SignedMessage.Parse(message.Body.Span)!.Payload, ContractsJson.Default.CommandEnvelope)!;

    /// <summary>A node that is enrolled, with its two private keys.</summary>
    public static async Task<TestNode> EnrolledNodeAsync(this TestPlane plane, string id)
    {
        var nodes = plane.Get<NodeStore>();
        var (_, token) = (await nodes.CreateAsync(id, new Dictionary<string, string>(), default))!.Value;
        var keys = new TestNode(id, ECDsa.Create(ECCurve.NamedCurves.nistP256), ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256));
        var node = (await nodes.FindByEnrollmentAsync(token, default))!;
        return keys with { AgentToken = (await nodes.EnrollAsync(node, keys.Request(token), await plane.Get<VpsPilot.Functions.Commands.CommandSigningKey>().PublicKeyAsync(default), default))! };
    }

    public static async Task<Project> ProjectAsync(this TestPlane plane, string id, params string[] nodes)
    {
        var projects = plane.Get<ProjectStore>();
        var project = new Project
        {
            Id = id,
            Repository = "/srv/git/app.git",
            Branch = "main",
            Nodes = nodes,
            Provider = "github",
            AutoDeploy = true,
            Environment = "production",
            WebhookSecret = (await projects.NewWebhookSecretAsync(id, default)).Stored,
            CreatedAt = plane.Time.GetUtcNow(),
        };
        (await projects.InsertAsync(project, default)).ShouldBeTrue();
        return project;
    }

    public static Deployment Deployment(this TestPlane plane, string project, DeploymentTrigger trigger = DeploymentTrigger.Api, params string[] nodes) => new()
    {
        Id = DeploymentIds.New(plane.Time.GetUtcNow()),
        ProjectId = project,
        Status = DeploymentStatus.Queued,
        Trigger = trigger,
        Branch = "main",
        RequestedBy = "test",
        CreatedAt = plane.Get<ArrivalClock>().Next(),
        Nodes = nodes,
    };
}

/// <summary>A node with its private keys.</summary>
internal sealed record TestNode(string Id, ECDsa SigningKey, ECDiffieHellman SealingKey)
{
    public string AgentToken { get; init; } = "";

    public EnrollRequest Request(string token) => new()
    {
        Token = token,
        SigningKey = Convert.ToBase64String(SigningKey.ExportSubjectPublicKeyInfo()),
        SealingKey = Convert.ToBase64String(SealingKey.PublicKey.ExportSubjectPublicKeyInfo()),
        AgentVersion = "0.1.0",
        Facts = TestData.Facts,
    };

    /// <summary>A queue message of this node.</summary>
    public string Message(EventEnvelope envelope, string? keyId = null) =>
        System.Text.Encoding.UTF8.GetString(SignedMessage.Sign(JsonSerializer.Serialize(envelope, ContractsJson.Default.EventEnvelope), keyId ?? Id, SigningKey).ToBytes());
}

using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Notices.Channels;

namespace VpsPilot.Functions.Tests.Notices;

/// <summary>Mail, to a real SMTP server on loopback.</summary>
public sealed class EmailTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly NoticeRig rig = new();
    private readonly SmtpReceiver smtp = new();

    public Task InitializeAsync() => rig.WithProjectAsync();

    [Fact]
    public async Task A_notice_is_mailed_to_everyone_by_the_user_who_logs_in()
    {
        await ChannelAsync("right");

        var deployment = await rig.EndAsync(DeploymentStatus.Failed, "build: no such file.");
        await rig.PumpAsync();

        var mail = smtp.Mails.ShouldHaveSingleItem();
        mail.User.ShouldBe("mailer");
        mail.Recipients.Count.ShouldBe(2);
        mail.Text.ShouldContain("Subject: shop: deployment failed");
        mail.Text.ShouldContain("From: Pilot <pilot@example.com>");
        mail.Text.ShouldContain("Auto-Submitted: auto-generated");
        mail.Text.ShouldContain($"Message-Id: <{deployment.Id}-failed@vpspilot>");
        mail.Text.ShouldContain("build: no such file.");
        mail.Text.ShouldContain($"https://pilot.example.com/deployments/{deployment.Id}");
    }

    [Theory]
    [InlineData("451 greylisted", 2)]
    [InlineData("550 not you", 1)]
    public async Task A_server_that_says_later_is_asked_again_and_one_that_says_no_is_not(string answer, int attempts)
    {
        await ChannelAsync("right");
        smtp.MailAnswer = answer;
        await rig.EndAsync(DeploymentStatus.Failed);

        await rig.PumpAsync();
        (await rig.StateAsync("mail")).LastError.ShouldBe($"The mail server answered {answer[..3]}.");
        smtp.MailAnswer = "250 ok";
        rig.Plane.Time.Advance(TimeSpan.FromMinutes(1));
        await rig.PumpAsync();

        smtp.Mails.Count.ShouldBe(attempts - 1);
    }

    [Fact]
    public async Task A_wrong_password_and_a_server_without_STARTTLS_are_said_without_the_password()
    {
        await ChannelAsync("wrong-password");
        await rig.EndAsync(DeploymentStatus.Failed);
        await rig.PumpAsync();
        (await rig.StateAsync("mail")).LastError.ShouldBe("The mail server refused the user or the password.");

        await ChannelAsync("right", MailSecurity.StartTls);
        await rig.EndAsync(DeploymentStatus.RolledBack);
        await rig.PumpAsync();
        (await rig.StateAsync("mail")).LastError!.ShouldContain("STARTTLS");
        smtp.Mails.ShouldBeEmpty();
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await smtp.DisposeAsync();
        await rig.DisposeAsync();
    }

    private Task ChannelAsync(string password, MailSecurity security = MailSecurity.None) => rig.ChannelAsync("mail", ChannelKind.Email, password: password, email: new EmailSettings
    {
        Host = "127.0.0.1",
        Port = smtp.Port,
        Security = security,
        User = "mailer",
        From = "Pilot <pilot@example.com>",
        To = ["ann@example.com", "bob@example.com"],
    });
}

using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LogPilot.Agent.Shipping;

/// <summary>The certificates of the options, loaded once at start.</summary>
internal static class TlsMaterial
{
    /// <summary>False with the variable and the file to mend if a certificate cannot be read; trying again is of no use.</summary>
    public static bool TryLoad(ElasticsearchOptions options, out SslClientAuthenticationOptions tls, out string error)
    {
        tls = new SslClientAuthenticationOptions();
        error = "";
        if (!options.VerifyCertificate)
        {
#pragma warning disable CA5359 // The operator asked for it, and is warned at start.
            tls.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        return TryTrust(options, tls, ref error) && TryIdentify(options, tls, ref error);
    }

    private static bool TryTrust(ElasticsearchOptions options, SslClientAuthenticationOptions tls, ref string error)
    {
        if (options.CaFile is null)
        {
            return true;
        }

        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(options.CaFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            error = $"ELASTICSEARCH_SSL_CA: {options.CaFile} cannot be read: {e.Message}";
            return false;
        }

        if (policy.CustomTrustStore.Count == 0)
        {
            error = $"ELASTICSEARCH_SSL_CA: {options.CaFile} holds no certificate in PEM form";
            return false;
        }

        tls.CertificateChainPolicy = policy;
        return true;
    }

    private static bool TryIdentify(ElasticsearchOptions options, SslClientAuthenticationOptions tls, ref string error)
    {
        if (options.CertificateFile is null && options.KeyFile is null)
        {
            return true;
        }

        if (options.CertificateFile is null)
        {
            error = "ELASTICSEARCH_SSL_KEY is given without ELASTICSEARCH_SSL_CERT";
            return false;
        }

        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(options.CertificateFile, options.KeyFile);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(options.CertificateFile);

            // Offline: the intermediates are in the file, and nothing is to be fetched from an address in a certificate.
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            error = "ELASTICSEARCH_SSL_CERT and ELASTICSEARCH_SSL_KEY: "
                + $"{options.CertificateFile} and {options.KeyFile ?? "the same file"} cannot be used: {e.Message}";
            return false;
        }
    }
}

using System.Text;
using System.Text.Json;
using LogPilot.Agent.Lines;

namespace LogPilot.Agent.Tests.Lines;

public sealed class EscapedTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData(@"a\\n\n\t\/\""", "a\\n\n\t/\"")]
    [InlineData(@"\u003cb\u003E \u00fc\u4e2d", "<b> ü中")]
    [InlineData(@"\ud83d\ude00!", "😀!")]
    [InlineData(@"\ud83d\u0041", "\uFFFDA")]
    [InlineData(@"\ude00", "\uFFFD")]
    [InlineData(@"\u0000", "\0")]
    public void Decode_Escapes_AreTheirCharacters(string escaped, string expected) => Assert.Equal(expected, Decode(escaped));

    [Fact]
    public void Decode_WhateverIsEscaped_IsWhatItWas()
    {
        const int Seed = 20261126;
        var random = new Random(Seed);
        for (var i = 0; i < 5_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => new Rune(random.Next(4) switch
            {
                0 => random.Next(0x20),
                1 => random.Next(0x20, 0x80),
                2 => random.Next(0x80, 0xd800),
                _ => random.Next(0x10000, 0x11_0000),
            })));

            Assert.True(text == Decode(JsonEncodedText.Encode(text).ToString()), $"Seed {Seed}, text {i}.");
        }
    }

    private static string Decode(string escaped) => Encoding.UTF8.GetString(
        EscapedText.Decode(new Line { Text = Encoding.UTF8.GetBytes(escaped), IsEscaped = true }));
}

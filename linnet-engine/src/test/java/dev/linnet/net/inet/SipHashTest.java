package dev.linnet.net.inet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SipHashTest {
    private static final long K0 = 0x0706050403020100L;
    private static final long K1 = 0x0f0e0d0c0b0a0908L;
    private static final long W0 = 0x0706050403020100L;
    private static final long W1 = 0x0f0e0d0c0b0a0908L;

    /// Vectors of the reference implementation: key 00 01 .. 0f, input 00 01 .. n-1.
    @Test
    void referenceVectors() {
        assertThat(SipHash.of(K0, K1, 0, 0, 0, 0, 0, 0)).isEqualTo(0x726fdb47dd0e0e31L);
        assertThat(SipHash.of(K0, K1, W0)).isEqualTo(0x93f5f5799a932462L);
        assertThat(SipHash.of(K0, K1, 2, W0, W1, 0, 0, 0)).isEqualTo(0x3f2acc7f57c29bdbL);
    }
}

package dev.linnet.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SackBlocksTest {
    private final SackBlocks blocks = new SackBlocks(4);

    private String text() {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < blocks.count; i++) {
            out.append(blocks.start[i]).append(':').append(blocks.end[i]).append(' ');
        }
        return out.toString().trim();
    }

    @Test
    void theNewestComesFirstAndTheOldestIsForgotten() {
        for (int i = 1; i <= 5; i++) {
            blocks.addFirst(i * 100, i * 100 + 10);
        }
        assertThat(text()).isEqualTo("500:510 400:410 300:310 200:210");
    }

    @Test
    void touchingRangesGrowTogetherAndOthersDoNot() {
        blocks.add(100, 200);
        assertThat(blocks.extend(0, 200, 300)).isTrue();
        assertThat(blocks.extend(0, 50, 100)).isTrue();
        assertThat(blocks.extend(0, 301, 400)).isFalse();
        assertThat(text()).isEqualTo("50:300");
    }

    @Test
    void rangesAcrossTheWrapOfTheSequenceSpaceGrow() {
        blocks.add(-50, 10);
        assertThat(blocks.extend(0, 10, 60)).isTrue();
        assertThat(blocks.extend(0, -100, -50)).isTrue();
        assertThat(text()).isEqualTo("-100:60");
    }

    @Test
    void movingToTheFrontKeepsTheOrderOfTheOthers() {
        blocks.add(1, 2);
        blocks.add(3, 4);
        blocks.add(5, 6);
        blocks.moveToFront(2);
        assertThat(text()).isEqualTo("5:6 1:2 3:4");
        blocks.remove(1);
        assertThat(text()).isEqualTo("5:6 3:4");
    }

    @Test
    void sortingFollowsTheSequenceSpace() {
        blocks.add(10, 20);
        blocks.add(-30, -20);
        blocks.add(5, 7);
        blocks.sort();
        assertThat(text()).isEqualTo("-30:-20 5:7 10:20");
    }

    @Test
    void rangesOfOneStartKeepTheirOrder() {
        blocks.add(5, 7);
        blocks.add(5, 9);
        blocks.add(1, 2);
        blocks.add(5, 7);
        blocks.sort();
        assertThat(text()).isEqualTo("1:2 5:7 5:9 5:7");
        assertThat(blocks.indexOf(5, 7)).isEqualTo(1);
        assertThat(blocks.indexOf(5, 8)).isEqualTo(-1);
    }
}

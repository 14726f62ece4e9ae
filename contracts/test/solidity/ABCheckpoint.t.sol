// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ABCheckpoint} from '../../checkpoint/ABCheckpoint.sol';
import {IABCheckpoint} from '../../interfaces/IABCheckpoint.sol';
import {CheckpointHandler} from './support/CheckpointHandler.sol';
import {Test} from './support/Test.sol';

/// @title The heads of a log that stand only grow, its signer alone adds to them, and the owner alone retracts
contract ABCheckpointInvariants is Test {
    CheckpointHandler private _handler;
    ABCheckpoint private _checkpoint;

    function setUp() public {
        _handler = new CheckpointHandler();
        _checkpoint = _handler.checkpoint();
        bytes4[] memory selectors = new bytes4[](5);
        selectors[0] = CheckpointHandler.anchor.selector;
        selectors[1] = CheckpointHandler.setSigner.selector;
        selectors[2] = CheckpointHandler.setSignerAsAStranger.selector;
        selectors[3] = CheckpointHandler.retract.selector;
        selectors[4] = CheckpointHandler.retractAsAStranger.selector;
        target(address(_handler), selectors);
    }

    /// hardhat-config: brief.invariant.runs = 2
    /// hardhat-config: default.invariant.runs = 20
    /// hardhat-config: deep.invariant.runs = 200
    function invariant_headsAreWhatTheSignersAnchored() public view {
        for (uint256 i = 0; i < 2; ++i) {
            bytes32 logId = _handler.logOf(i);
            uint256 count = _checkpoint.treeHeadCount(logId);
            assertEq(count, _handler.countOf(logId), 'count');
            if (count == 0) continue;
            _assertTold(logId, count - 1);
        }
    }

    function afterInvariant() public view {
        for (uint256 i = 0; i < 2; ++i) {
            bytes32 logId = _handler.logOf(i);
            (uint64 last, uint256 end) = (0, 0);
            for (uint256 j = 0; j < _checkpoint.treeHeadCount(logId); ++j) {
                _assertTold(logId, j);
                uint64 size = _checkpoint.treeHead(logId, j).treeSize;
                if (size == 0) continue;
                assertTrue(size > last, 'heads that stand only grow');
                (last, end) = (size, j + 1);
            }
            assertEq(end, _checkpoint.standingTreeHeads(logId), 'newest');
            assertEq(last, _handler.sizeOf(logId), 'size');
        }
    }

    /// @dev The sequences are worth something only where heads are anchored after retracted ones.
    function test_aRetractedHead_isAnchoredOverAndItsNumberIsNot() public {
        bytes32 logId = _handler.logOf(0);
        _handler.setSigner(0, 1);
        _handler.anchor(0, 0, 5, bytes32('good'), false);
        _handler.anchor(0, 0, 900, bytes32('wrong'), false);
        _handler.anchor(0, 0, 1, bytes32('upon it'), false);
        _handler.retract(0, 2);
        assertEq(_handler.retractions(), 1, 'retracted');
        assertEq(_handler.sizeOf(logId), 5, 'back to the good one');
        _handler.anchor(0, 0, 1, bytes32('right'), false);
        assertEq(_checkpoint.treeHeadCount(logId), 4, 'another number');
        assertEq(_checkpoint.treeHead(logId, 3).treeSize, 6, 'one more than the good one');
        _handler.retract(0, 1);
        _handler.retract(0, 4);
        assertEq(_handler.retractions(), 3, 'and all of them');
        assertEq(_handler.sizeOf(logId), 0, 'from the start');
        _handler.anchor(0, 0, 1, bytes32('first'), false);
        assertEq(_checkpoint.treeHead(logId, 4).treeSize, 1, 'anew');
        _assertTold(logId, 2);
    }

    function _assertTold(bytes32 logId, uint256 index) private view {
        IABCheckpoint.TreeHead memory told = _checkpoint.treeHead(logId, index);
        IABCheckpoint.TreeHead memory expected = _handler.headOf(logId, index);
        assertEq(told.treeSize, expected.treeSize, 'size');
        assertEq(told.anchoredAt, expected.anchoredAt, 'time');
        assertTrue(told.rootHash == expected.rootHash, 'root');
    }
}

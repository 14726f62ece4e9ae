// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ABCheckpoint} from '../../checkpoint/ABCheckpoint.sol';
import {IABCheckpoint} from '../../interfaces/IABCheckpoint.sol';
import {CheckpointHandler} from './support/CheckpointHandler.sol';
import {Test} from './support/Test.sol';

/// @title The heads of a log only grow, and its signer alone adds to them
contract ABCheckpointInvariants is Test {
    CheckpointHandler private _handler;
    ABCheckpoint private _checkpoint;

    function setUp() public {
        _handler = new CheckpointHandler();
        _checkpoint = _handler.checkpoint();
        bytes4[] memory selectors = new bytes4[](3);
        selectors[0] = CheckpointHandler.anchor.selector;
        selectors[1] = CheckpointHandler.setSigner.selector;
        selectors[2] = CheckpointHandler.setSignerAsAStranger.selector;
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
            IABCheckpoint.TreeHead memory head = _checkpoint.treeHead(logId, count - 1);
            assertEq(head.treeSize, _handler.sizeOf(logId), 'size');
            assertTrue(head.rootHash == _handler.rootOf(logId), 'root');
        }
    }

    function afterInvariant() public view {
        for (uint256 i = 0; i < 2; ++i) {
            bytes32 logId = _handler.logOf(i);
            uint64 last = 0;
            for (uint256 j = 0; j < _checkpoint.treeHeadCount(logId); ++j) {
                uint64 size = _checkpoint.treeHead(logId, j).treeSize;
                assertTrue(size > last, 'heads only grow');
                last = size;
            }
        }
    }
}

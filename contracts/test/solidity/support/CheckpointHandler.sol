// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ABCheckpoint} from '../../../checkpoint/ABCheckpoint.sol';
import {IABCheckpoint} from '../../../interfaces/IABCheckpoint.sol';
import {Test} from './Test.sol';

/// @title Anchoring of two logs by their signers and by strangers, in any order, held against a model
contract CheckpointHandler is Test {
    uint256 private constant SIGNERS = 3;
    address private constant OWNER = address(0xA11CE);

    ABCheckpoint public checkpoint;
    /// @notice The key that signs for a log, from 1; 0 where it has no signer.
    mapping(bytes32 logId => uint256) private _keyOf;
    mapping(bytes32 logId => uint256) public countOf;
    mapping(bytes32 logId => uint64) public sizeOf;
    mapping(bytes32 logId => bytes32) public rootOf;

    constructor() {
        checkpoint = new ABCheckpoint(address(0xF0), OWNER, bytes32(0), address(0));
    }

    function logOf(uint256 seed) public pure returns (bytes32) {
        return seed % 2 == 0 ? bytes32('first') : bytes32('second');
    }

    /// @dev By a signer's key, or with one for another tree: only the log's own signer and a grown tree are accepted.
    function anchor(uint256 logSeed, uint256 keySeed, int64 growth, bytes32 root, bool isForged) external {
        bytes32 logId = logOf(logSeed);
        uint256 key = 1 + (keySeed % SIGNERS);
        uint64 size = uint64(int64(sizeOf[logId]) + (growth % 1_000));
        bytes32 digest = checkpoint.digestOf(logId, size, isForged ? ~root : root);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        bool mayAnchor = _keyOf[logId] == key && !isForged && size > sizeOf[logId];
        try checkpoint.anchor(logId, size, root, abi.encodePacked(r, s, v)) returns (uint256 index) {
            assertTrue(mayAnchor, 'anchored what must be refused');
            assertEq(index, countOf[logId]++, 'index');
            (sizeOf[logId], rootOf[logId]) = (size, root);
        } catch (bytes memory reason) {
            assertTrue(!mayAnchor, 'a signed, grown tree was refused');
            _assertRefusal(bytes4(reason));
        }
    }

    function setSigner(uint256 logSeed, uint256 keySeed) external {
        bytes32 logId = logOf(logSeed);
        uint256 key = keySeed % (SIGNERS + 1);
        vm.prank(OWNER);
        checkpoint.setSigner(logId, key == 0 ? address(0) : vm.addr(key));
        _keyOf[logId] = key;
    }

    function setSignerAsAStranger(uint256 logSeed, address stranger) external {
        if (stranger == OWNER || stranger == address(0xF0)) return;
        vm.prank(stranger);
        try checkpoint.setSigner(logOf(logSeed), stranger) {
            assertTrue(false, 'a stranger named the signer');
        } catch {}
    }

    function _assertRefusal(bytes4 selector) private pure {
        assertTrue(
            selector == IABCheckpoint.UnknownLog.selector ||
                selector == IABCheckpoint.TreeNotGrown.selector ||
                selector == IABCheckpoint.InvalidSignature.selector,
            'refused for another reason'
        );
    }
}
